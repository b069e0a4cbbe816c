using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.Tests.Resources;

public sealed class ComponentResolverTests : IDisposable
{
    private readonly ResourceFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Templates_are_filled_in()
    {
        var component = await ResolveAsync(
            [new("file", "{appID}.db"), new("space", "{namespace}"), new("ids", "{uuid} {uuid}"), new("pod", "{podName}")],
            new Dictionary<string, string> { ["POD_NAME"] = "pod-1" });

        Assert.Equal("checkout.db", component.Find("FILE"));
        Assert.Equal("default.checkout", component.Find("space"));
        Assert.Equal("pod-1", component.Find("pod"));
        var ids = component.Find("ids")!.Split(' ');
        Assert.All(ids, id => Guid.Parse(id));
        Assert.NotEqual(ids[0], ids[1]);
    }

    [Fact]
    public async Task A_pod_name_that_is_not_set_is_an_error() =>
        await Assert.ThrowsAsync<ResourceException>(() => ResolveAsync([new("pod", "{podName}")]));

    [Fact]
    public async Task Values_come_from_the_environment_but_not_from_daprs_own()
    {
        var component = await ResolveAsync(
            [new("table", null, EnvRef: "TABLE"), new("token", null, EnvRef: "DAPR_API_TOKEN"), new("app", null, EnvRef: "app_api_token")],
            new Dictionary<string, string> { ["TABLE"] = "orders", ["DAPR_API_TOKEN"] = "x", ["app_api_token"] = "x" });

        Assert.Equal("orders", component.Find("table"));
        Assert.Equal("", component.Find("token"));
        Assert.Equal("", component.Find("app"));
    }

    [Fact]
    public async Task Secrets_are_read_once_each_and_a_key_defaults_to_the_secrets_name()
    {
        var component = await ResolveAsync(
            [new("user", null, "db", "user"), new("db", null, "db", ""), new("missing", null, "db", "nope"), new("broken", null, "broken", "x")]);

        Assert.Equal("u", component.Find("user"));
        Assert.Equal("whole", component.Find("db"));
        Assert.Equal("", component.Find("missing"));
        Assert.Equal("", component.Find("broken"));
        Assert.Equal(["vault/db", "vault/broken"], _reads);
        Assert.Contains("Error: Error getting secret: secret broken not found", _folder.Logged);
    }

    private readonly List<string> _reads = [];

    private async Task<Component> ResolveAsync(MetadataItem[] items, Dictionary<string, string>? environment = null)
    {
        var resolver = new ComponentResolver(ResourceFolder.Options(environment: environment), ReadAsync, _folder);
        var manifest = new ComponentManifest("store", "state.in-memory", "v1", items, [], TimeSpan.Zero, false, "vault", "store.yaml:1");
        return await resolver.ResolveAsync(manifest, TestContext.Current.CancellationToken);
    }

    private Task<IReadOnlyDictionary<string, string>?> ReadAsync(string store, string name, CancellationToken ct)
    {
        _reads.Add($"{store}/{name}");
        return name == "db"
            ? Task.FromResult<IReadOnlyDictionary<string, string>?>(new Dictionary<string, string> { ["user"] = "u", ["db"] = "whole" })
            : throw new InvalidOperationException($"secret {name} not found");
    }
}
