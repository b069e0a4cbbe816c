using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Invoke;
using DaprMesh.Sidecar.Resources;
using DaprMesh.Sidecar.Tests.Resources;

namespace DaprMesh.Sidecar.Tests.Hosting;

public sealed class AccessRulesTests
{
    private const string Policies = """
        spec:
          accessControl:
            defaultAction: deny
            trustDomain: public
            policies:
              - appId: checkout
                trustDomain: public
                namespace: default
                operations:
                  - { name: /open, httpVerb: [GET], action: allow }
                  - { name: orders/*, httpVerb: ["*"], action: allow }
                  - { name: /reports/**, httpVerb: [GET], action: allow }
                  - { name: /item-*/view, httpVerb: [GET], action: allow }
              - { appId: admin, defaultAction: allow, trustDomain: public, namespace: default, operations: [ { name: /drop, httpVerb: [POST], action: deny } ] }
              - { appId: stranger, defaultAction: allow, trustDomain: elsewhere, namespace: default }
        """;

    [Theory]
    [InlineData("checkout", "open", "GET", true)]
    [InlineData("checkout", "OPEN", "GET", true)]
    [InlineData("checkout", "open", "POST", false)]
    [InlineData("checkout", "open/more", "GET", true)]
    [InlineData("checkout", "orders/1", "DELETE", true)]
    [InlineData("checkout", "orders/1/lines", "GET", false)]
    [InlineData("checkout", "orders", "GET", true)]
    [InlineData("checkout", "reports/2026/may", "GET", true)]
    [InlineData("checkout", "item-7/view", "GET", true)]
    [InlineData("checkout", "closed", "GET", false)]
    [InlineData("admin", "anything", "PUT", true)]
    [InlineData("admin", "drop", "POST", false)]
    [InlineData("stranger", "anything", "GET", false)]
    [InlineData("unknown", "open", "GET", false)]
    [InlineData(null, "open", "GET", false)]
    public void A_caller_may_do_what_its_policy_allows(string? caller, string method, string verb, bool allowed) =>
        Assert.Equal(allowed, AccessControl.From(Configured(Policies).AccessControl)!.IsAllowed(caller, "default", method, verb));

    [Fact]
    public void A_caller_of_another_namespace_has_no_policy() =>
        Assert.False(AccessControl.From(Configured(Policies).AccessControl)!.IsAllowed("admin", "other", "anything", "GET"));

    [Theory]
    [InlineData("accessControl: { trustDomain: public }", true)]
    [InlineData("accessControl: { defaultAction: \"\", trustDomain: public }", false)]
    [InlineData("accessControl: { defaultAction: ALLOW }", true)]
    public void The_global_action_allows_unless_it_is_written_otherwise(string block, bool allowed) =>
        Assert.Equal(allowed, AccessControl.From(Configured($"spec: {{ {block} }}").AccessControl)!.IsAllowed(null, "default", "x", "GET"));

    [Theory]
    [InlineData("denied: [ { name: state, version: v1.0, protocol: http } ]", "state:v1.0-alpha1 metadata:v1.0")]
    [InlineData("denied: [ { name: state, version: v1, protocol: HTTP } ]", "state:v1.0-alpha1 metadata:v1.0")]
    [InlineData("denied: [ { name: state, version: v1alpha1, protocol: http } ]", "state:v1.0 metadata:v1.0")]
    [InlineData("denied: [ { name: state, version: v1.0, protocol: grpc } ]", "state:v1.0 state:v1.0-alpha1 metadata:v1.0")]
    [InlineData("allowed: [ { name: metadata, version: v1.0, protocol: http } ]", "metadata:v1.0")]
    [InlineData("allowed: [ { name: state, version: v1.0, protocol: http } ], denied: [ { name: state, version: v1.0, protocol: http } ]", "")]
    [InlineData("allowed: [ { name: state/{store}, version: v1.0, protocol: http } ]", "state:v1.0")]
    public void Apis_are_denied_first_and_then_only_the_listed_ones_are_allowed(string rules, string allowed)
    {
        var isAllowed = ApiRules.For(Configured($"spec: {{ api: {{ {rules.Replace("state/{store}", "\"state/{store}\"", StringComparison.Ordinal)} }} }}"));

        Assert.Equal(
            allowed,
            string.Join(' ', Routes.Where(isAllowed).Where(route => route.Group != "healthz").Select(route => $"{route.Group}:{route.Version}")));
        Assert.True(isAllowed(Routes[^1]));
    }

    [Theory]
    [InlineData("denied: [ { name: invoke, version: v1.0, protocol: http } ]", false)]
    [InlineData("allowed: [ { name: state, version: v1.0, protocol: http } ]", false)]
    [InlineData("allowed: [ { name: invoke, version: v1, protocol: http } ]", true)]
    public void Invocation_is_an_api_like_the_others(string rules, bool allowed) =>
        Assert.Equal(allowed, ApiRules.IsInvokeAllowed(Configured($"spec: {{ api: {{ {rules} }} }}")));

    private static readonly Route[] Routes =
    [
        Of("v1.0/state/{store}/{key}", "state"), Of("v1.0-alpha1/state/{store}/query", "state"), Of("v1.0/metadata", "metadata"), Of("v1.0/healthz", "healthz"),
    ];

    private static Route Of(string template, string group) =>
        new(new HashSet<string> { "GET" }, template, group, template.Split('/')[0], [], _ => Task.CompletedTask);

    private static Configuration Configured(string text)
    {
        using var folder = new ResourceFolder();
        return folder.Load(configs: folder.Add("config.conf", text)).Configuration;
    }
}
