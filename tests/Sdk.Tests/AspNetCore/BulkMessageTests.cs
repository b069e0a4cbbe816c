using System.Net;
using System.Text;
using Dapr.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace DaprMesh.Sdk.Tests.AspNetCore;

public sealed class BulkMessageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_controller_takes_events_that_leave_members_out_or_null()
    {
        await using var app = await AppServer.StartAsync(
            builder => builder.Services.AddControllers().AddApplicationPart(typeof(ParcelsController).Assembly).AddDapr(),
            app => app.MapControllers());
        const string message = """{"entries":[{"entryId":"e1","event":{"data":{"weight":3}},"metadata":null}]}""";
        using var content = new StringContent(message, Encoding.UTF8, "application/json");
        using var answer = await app.Http.PostAsync(new Uri("/parcels", UriKind.Relative), content, Cancellation);
        Assert.Equal(
            (HttpStatusCode.OK, """{"statuses":[{"entryId":"e1 3","status":"SUCCESS"}]}"""),
            (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation)));
    }
}

public sealed record Parcel(int Weight);

[ApiController, Route("parcels")]
public sealed class ParcelsController : ControllerBase
{
    [HttpPost]
    public BulkSubscribeAppResponse Take(BulkSubscribeMessage<BulkMessageModel<Parcel>> message) => new(
        [.. message.Entries.Select(entry => new BulkSubscribeAppResponseEntry($"{entry.EntryId} {entry.Event.Data.Weight}", BulkSubscribeAppResponseStatus.SUCCESS))]);
}
