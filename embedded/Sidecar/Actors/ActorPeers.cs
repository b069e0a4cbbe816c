using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Invoke;
using DaprMesh.Sidecar.Runtime;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Sidecar.Actors;

/// <summary>
/// Actor calls between sidecars of different processes, over the internal port:
/// <c>POST actors/{type}/{id}/{kind}/{method}</c>, everything escaped as data; an answer of the sidecar itself names its kind in a header.
/// </summary>
internal sealed class ActorPeers(SidecarContext context, Placement placement)
{
    private const string Moved = "Moved";

    /// <summary>What daprd says of a failure that came from another sidecar.</summary>
    public static ActorCallException AsRpc(string code, string message) => new($"rpc error: code = {code} desc = {message}", code);

    /// <exception cref="ActorMovedException">The member is gone or has given the actor away.</exception>
    /// <exception cref="ActorCallException">The actor's app did not answer 200.</exception>
    public async Task<ActorAnswer> CallAsync(PlacementMember member, ActorCall call, CancellationToken ct)
    {
        var address = new Uri(
            $"http://{member.Address}/actors/{Uri.EscapeDataString(call.Type)}/{Uri.EscapeDataString(call.Id)}/{call.Kind}/{Uri.EscapeDataString(call.Method)}{call.Query}",
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ReadOnlyMemoryContent(call.Body) };
        foreach (var (name, values) in call.Headers ?? new HeaderDictionary())
        {
            if (ActorHeaders.IsForwarded(name) && !request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        request.Headers.TryAddWithoutValidation(InternalHeaders.Secret, member.Secret);
        if (call.TraceParent is not null)
        {
            request.Headers.Remove("traceparent");
            request.Headers.TryAddWithoutValidation("traceparent", call.TraceParent);
        }

        try
        {
            using var response = await context.Runtime.Dispatch.Client.SendAsync(request, ct);
            return await ReadAsync(response, ct);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            await placement.RemoveDeadAsync();
            throw new ActorMovedException();
        }
    }

    /// <summary>Answers a call from another sidecar.</summary>
    /// <param name="path">The escaped path behind <c>actors/</c>.</param>
    public static async Task AnswerAsync(HttpContext http, string path, ActorHost? host)
    {
        var parts = path.Split('/');
        if (parts.Length != 4 || !Enum.TryParse<ActorCallKind>(parts[2], out var kind))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var body = await BodyReader.ReadAsync(http.Request, http.RequestAborted);
        var call = new ActorCall(
            Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts[1]), Uri.UnescapeDataString(parts[3]), kind,
            http.Request.QueryString.Value ?? "", http.Request.Headers, body, null, IsForwarded: true);
        try
        {
            using var answer = host is null ? throw new ActorMovedException() : await host.CallAsync(call, http.RequestAborted);
            ActorHeaders.CopyAnswer(answer.Response, http.Response);
            http.Response.ContentLength = answer.Body.Length;
            await http.Response.Body.WriteAsync(answer.Body, http.RequestAborted);
        }
        catch (ActorMovedException e)
        {
            await InternalApi.RefuseAsync(http, Moved, e.Message);
        }
        catch (ActorCallException e)
        {
            await InternalApi.RefuseAsync(http, e.Code, $"error invoke actor method: {e.Message}");
        }
        catch (StackDepthException e)
        {
            await InternalApi.RefuseAsync(http, "ResourceExhausted", e.Message);
        }
    }

    private static async Task<ActorAnswer> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var body = await response.Content.ReadAsByteArrayAsync(ct);
        if (response.Headers.NonValidated.TryGetValues(InternalHeaders.Error, out var code))
        {
            throw code.ToString() == Moved ? new ActorMovedException() : AsRpc(code.ToString(), System.Text.Encoding.UTF8.GetString(body));
        }

        return response.StatusCode == System.Net.HttpStatusCode.OK
            ? new ActorAnswer(response, body)
            : throw new ActorMovedException(); // another program has the port of a sidecar that is gone
    }
}
