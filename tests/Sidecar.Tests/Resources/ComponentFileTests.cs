using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.Tests.Resources;

public sealed class ComponentFileTests : IDisposable
{
    private readonly ResourceFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Several_components_in_one_file_are_loaded_in_order()
    {
        _folder.Add("b.yml", Named("third"));
        _folder.Add("a.yaml", Named("first") + "\n---\n" + Named("second"));
        _folder.Add("notes.txt", "not yaml");

        Assert.Equal(["first", "second", "third"], _folder.Load().Components.Select(component => component.Name));
        Assert.Contains(_folder.Logged, line => line.Contains("notes.txt", StringComparison.Ordinal));
    }

    [Fact]
    public void Values_of_every_type_become_text()
    {
        _folder.Add("store.yaml", """
            apiVersion: dapr.io/v1alpha1
            kind: Component
            metadata:
              name: 123
            spec:
              type: state.sqlite
              version: v1
              initTimeout: 1m30s
              ignoreErrors: true
              metadata:
                - { name: text, value: "5" }
                - { name: quoted, value: "yes" }
                - { name: flag, value: yes }
                - { name: number, value: 2 }
                - { name: hex, value: 0x10 }
                - { name: fraction, value: 1.50 }
                - { name: map, value: { a: 1, b: [x, true] } }
                - { name: nothing, value: null }
                - name: lines
                  value: |
                    one
                    two
            """);

        var component = Assert.Single(_folder.Load().Components);

        Assert.Equal("123", component.Name);
        Assert.Equal(TimeSpan.FromSeconds(90), component.InitTimeout);
        Assert.True(component.IgnoreErrors);
        Assert.Equal(
            ["5", "yes", "true", "2", "16", "1.5", """{"a":1,"b":["x",true]}""", null, "one\ntwo\n"],
            component.Metadata.Select(item => item.Value));
    }

    [Fact]
    public void A_document_that_is_not_yaml_is_skipped_with_its_line()
    {
        var file = _folder.Add("mixed.yaml", Named("fine") + "\n---\nmetadata: [\n---\n" + Named("too"));

        Assert.Equal(["fine", "too"], _folder.Load().Components.Select(component => component.Name));
        Assert.Contains(_folder.Logged, line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains(file + ":", StringComparison.Ordinal));
    }

    [Fact]
    public void A_field_of_the_wrong_type_is_named_and_the_document_skipped()
    {
        var file = _folder.Add("wrong.yaml", "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: a\nspec:\n  type: state.in-memory\n  ignoreErrors: maybe\n");

        Assert.Empty(_folder.Load().Components);
        Assert.Contains(_folder.Logged, line => line.EndsWith($"{file}:7: spec.ignoreErrors: expected true or false, found \"maybe\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Tabs_other_kinds_and_empty_documents_are_skipped()
    {
        _folder.Add("tabs.yaml", "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n\tname: a\n");
        _folder.Add("other.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n");
        _folder.Add("empty.yaml", "\n---\n\n---\n# only a comment\n");

        Assert.Empty(_folder.Load().Components);
    }

    [Fact]
    public void A_name_used_twice_keeps_the_sidecar_from_starting()
    {
        _folder.Add("one.yaml", Named("abc") + "\n---\n" + Named("abc", type: "pubsub.in-memory"));

        var error = Assert.Throws<ResourceException>(() => _folder.Load());

        Assert.Equal(
            "failed to load components: duplicate definition of Component name abc (pubsub.in-memory/v1) with existing abc (state.in-memory/v1)",
            error.Message);
    }

    [Fact]
    public void A_component_of_another_namespace_counts_only_while_the_sidecar_has_none()
    {
        _folder.Add("one.yaml", Named("abc", @namespace: "shop") + "\n---\n" + Named("other", @namespace: "bar") + "\n---\n" + Named("any"));

        Assert.Equal(["abc", "other", "any"], _folder.Load().Components.Select(component => component.Name));
        Assert.Equal(["abc", "any"], _folder.Load(@namespace: "shop").Components.Select(component => component.Name));
    }

    [Fact]
    public void A_component_is_loaded_for_the_apps_in_its_scopes()
    {
        _folder.Add("one.yaml", Named("abc") + "\nscopes: [ checkout, orders ]\n");

        Assert.Single(_folder.Load("orders").Components);
        Assert.Empty(_folder.Load("Orders").Components);
    }

    [Fact]
    public void A_missing_folder_keeps_the_sidecar_from_starting()
    {
        var missing = Path.Combine(_folder.Path, "absent");

        var error = Assert.Throws<ResourceException>(() =>
            ResourceLoader.Load(ResourceFolder.Options() with { ResourcesPaths = [missing] }, _folder));

        Assert.Equal($"failed to load components: open {missing}: no such file or directory", error.Message);
    }

    [Fact]
    public void Anchors_and_merge_keys_work()
    {
        _folder.Add("anchors.yaml", """
            apiVersion: dapr.io/v1alpha1
            kind: Component
            metadata: { name: a }
            spec: &base
              type: state.in-memory
              version: v1
            ---
            apiVersion: dapr.io/v1alpha1
            kind: Component
            metadata: { name: b }
            common: &common { type: state.sqlite, version: v2 }
            spec:
              <<: *common
              version: v1
            """);

        var components = _folder.Load().Components;

        Assert.Equal([("state.in-memory", "v1"), ("state.sqlite", "v1")], components.Select(component => (component.Type, component.Version)));
    }

    private static string Named(string name, string type = "state.in-memory", string @namespace = "") =>
        $"apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\n  namespace: {@namespace}\nspec:\n  type: {type}\n  version: v1\n";
}
