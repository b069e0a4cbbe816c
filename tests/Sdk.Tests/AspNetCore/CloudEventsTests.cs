using System.Net;
using System.Text;
using Dapr;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Sdk.Tests.AspNetCore;

public sealed class CloudEventsTests
{
    private const string CloudEventsJson = "application/cloudevents+json";

    [Theory]
    [InlineData("""{"id":"1","data":{"total":5}}""", "application/json", """{"total":5}""")]
    [InlineData("""{"id":"1","Data":"text","DataContentType":"text/plain; charset=utf-16"}""", "text/plain", "text")]
    [InlineData("""{"data":"text"}""", "application/json", "\"text\"")]
    [InlineData("""{"data":{"a":1},"datacontenttype":"application/vnd.shop+json"}""", "application/vnd.shop+json", """{"a":1}""")]
    [InlineData("""{"data_base64":"AAEC","datacontenttype":"application/octet-stream"}""", "application/octet-stream", "\0\u0001\u0002")]
    [InlineData("""{"id":"1"}""", "", "")]
    public async Task The_endpoint_sees_the_data(string cloudEvent, string contentType, string body) =>
        Assert.Equal($"{contentType}|{body}|", await SendAsync(cloudEvent, CloudEventsJson));

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/cloudevents-batch+json")]
    public async Task Other_requests_are_left_alone(string contentType) =>
        Assert.Equal($"{contentType}|[]|", await SendAsync("[]", contentType));

    [Fact]
    public async Task Parameters_and_other_character_sets_are_understood() =>
        Assert.Equal("text/plain|ü|", await SendAsync("""{"data":"ü","datacontenttype":"text/plain"}""", CloudEventsJson + "; charset=utf-16", encoding: Encoding.Unicode));

    [Theory]
    [InlineData("""{"data":1,"data_base64":"AAEC"}""")]
    [InlineData("""{"data":""")]
    [InlineData("""[1]""")]
    [InlineData("""{"data_base64":"%%"}""")]
    public async Task What_is_no_cloud_event_is_a_bad_request(string body)
    {
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(body, CloudEventsJson));
        Assert.Equal(HttpStatusCode.BadRequest, error.StatusCode);
    }

    [Fact]
    public async Task Text_can_stay_a_json_string() =>
        Assert.Equal("text/plain|\"text\"|", await SendAsync("""{"data":"text","datacontenttype":"text/plain"}""", CloudEventsJson, new() { SuppressJsonDecodingOfTextPayloads = true }));

    [Theory]
    [InlineData(null, null, "id=1,type=t")]
    [InlineData("id", "id", "id=1")]
    [InlineData(null, "ID", "type=t")]
    public async Task Attributes_can_be_forwarded_as_headers(string? included, string? excluded, string headers)
    {
        var options = new CloudEventsMiddlewareOptions
        {
            ForwardCloudEventPropertiesAsHeaders = true,
            IncludedCloudEventPropertiesAsHeaders = included is null ? null : [included],
            ExcludedCloudEventPropertiesFromHeaders = excluded is null ? null : [excluded],
        };
        Assert.EndsWith($"|{headers}", await SendAsync("""{"id":"1","type":"t","data":1,"pubsubname":"bus","traceparent":"x","datacontenttype":"text/plain"}""", CloudEventsJson, options), StringComparison.Ordinal);
    }

    private static async Task<string> SendAsync(string body, string contentType, CloudEventsMiddlewareOptions? options = null, Encoding? encoding = null)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var app = await AppServer.StartAsync(_ => { }, app =>
        {
            if (options is null)
                app.UseCloudEvents();
            else
                app.UseCloudEvents(options);
            app.MapPost("/", async (HttpRequest request) =>
            {
                using var reader = new StreamReader(request.Body);
                var headers = request.Headers.Where(h => h.Key.StartsWith("Cloudevent.", StringComparison.Ordinal)).OrderBy(h => h.Key, StringComparer.Ordinal);
                return $"{request.ContentType}|{await reader.ReadToEndAsync(cancellation)}|{string.Join(',', headers.Select(h => $"{h.Key["Cloudevent.".Length..]}={h.Value}"))}";
            });
        });
        using var content = new ByteArrayContent((encoding ?? Encoding.UTF8).GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var response = await app.Http.PostAsync(new Uri("/", UriKind.Relative), content, cancellation);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellation);
    }
}
