using System.Buffers;
using System.Diagnostics;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Json;
using DaprMesh.Sidecar.Resiliency;

namespace DaprMesh.Sidecar.Secrets;

/// <summary><c>/v1.0/secrets</c>: one secret, or all that the app may see.</summary>
internal sealed class SecretsApi(SidecarContext context) : IBuildingBlock
{
    private const string Group = "secrets";

    public void Map(RouteTable routes)
    {
        routes.Map("GET", "v1.0/secrets/{store}/bulk", Group, GetAllAsync);
        routes.Map("GET", "v1.0/secrets/{store}/{key}", Group, GetAsync);
    }

    private async Task GetAsync(ApiCall call)
    {
        var (name, key) = (call["store"], call["key"]);
        var store = Store(name);
        if (!IsAllowed(name, key))
        {
            throw new ApiException(403, "ERR_PERMISSION_DENIED", $"access denied by policy to get \"{key}\" from \"{name}\"");
        }

        try
        {
            var secret = await MeasuredAsync(name, "get", ct => store.GetAsync(key, call.Metadata(), ct), call.Aborted);
            await call.JsonAsync(GoJsonMap.Encode(secret));
        }
        catch (Exception e) when (!call.Aborted.IsCancellationRequested)
        {
            throw new ApiException(500, "ERR_SECRET_GET", $"failed getting secret with key {key} from secret store {name}: {e.Message}");
        }
    }

    private async Task GetAllAsync(ApiCall call)
    {
        var name = call["store"];
        var store = Store(name);
        try
        {
            var secrets = await MeasuredAsync(name, "bulk_get", ct => store.GetAllAsync(call.Metadata(), ct), call.Aborted);
            var answer = new ArrayBufferWriter<byte>(256);
            GoJsonMap.Write(
                answer,
                secrets.Where(secret => IsAllowed(name, secret.Key)),
                static (output, secret) => GoJsonMap.Write(output, secret, GoJsonText.WriteString));
            answer.Write("\n"u8);
            await call.JsonAsync(answer.WrittenMemory);
        }
        catch (Exception e) when (!call.Aborted.IsCancellationRequested)
        {
            throw new ApiException(500, "ERR_SECRET_GET", $"failed getting secrets from secret store {name}: {e.Message}");
        }
    }

    private ISecretStore Store(string name)
    {
        if (context.Components.TryGet<ISecretStore>(name, out var store))
        {
            return store;
        }

        throw context.Components.Any<ISecretStore>()
            ? new ApiException(401, "ERR_SECRET_STORE_NOT_FOUND", $"failed finding secret store with key {name}")
            : new ApiException(500, "ERR_SECRET_STORES_NOT_CONFIGURED", "secret store is not configured");
    }

    private bool IsAllowed(string store, string secret) =>
        context.Configuration.SecretScopes.FirstOrDefault(scope => scope.StoreName == store) is not { } scope || Allows(scope, secret);

    /// <summary>A list of what is allowed settles it; then what is denied; then the default.</summary>
    private static bool Allows(Resources.SecretScope scope, string secret) =>
        scope.AllowedSecrets.Count > 0
            ? scope.AllowedSecrets.Contains(secret)
            : !scope.DeniedSecrets.Contains(secret) && !scope.DefaultAccess.Equals("deny", StringComparison.OrdinalIgnoreCase);

    private async Task<T> MeasuredAsync<T>(string store, string operation, Func<CancellationToken, ValueTask<T>> get, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        var success = false;
        try
        {
            var result = await context.Resiliency.Outbound(store, ComponentKind.Secretstore).RunAsync(get, ct);
            success = true;
            return result;
        }
        finally
        {
            context.Metrics.Secret(store, operation, success, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
    }
}
