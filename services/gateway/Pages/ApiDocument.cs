using System.Text.Json;
using System.Text.Json.Nodes;
using DaprMesh.Gateway.Routing;

namespace DaprMesh.Gateway.Pages;

/// <summary>The API of the whole mesh as one document, put together from what every app tells, and kept for a short while.</summary>
internal sealed class ApiDocument(RouteTable routes, Ask ask, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan KeptWhole = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan KeptWithGaps = TimeSpan.FromSeconds(3);
    private readonly SemaphoreSlim _one = new(1);
    private byte[] _document = [];
    private DateTimeOffset _until;

    public async Task<byte[]> GetAsync(CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            if (clock.GetUtcNow() >= _until)
            {
                var (document, isWhole) = await BuildAsync(ct);
                _document = document;
                _until = clock.GetUtcNow() + (isWhole ? KeptWhole : KeptWithGaps);
            }

            return _document;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<(byte[] Document, bool IsWhole)> BuildAsync(CancellationToken ct)
    {
        var answers = await Task.WhenAll(routes.Apps.Select(async app => (App: app, Document: Parse(await ask.GetAsync(app, "/openapi.json", ct)))));
        var merge = new ApiMerge(routes);
        var missing = new List<string>();
        foreach (var (app, document) in answers)
        {
            if (document is null)
            {
                missing.Add(app);
            }
            else
            {
                merge.Add(app, document);
            }
        }

        return (JsonSerializer.SerializeToUtf8Bytes(merge.Result(missing), GatewayJson.Default.JsonObject), missing.Count == 0);
    }

    private static JsonObject? Parse(Answer answer)
    {
        try
        {
            return answer.IsSuccess && JsonNode.Parse(answer.Body) is JsonObject document && document.ContainsKey("openapi") ? document : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
