using System.Text.Json.Nodes;
using DaprMesh.Gateway.Routing;

namespace DaprMesh.Gateway.Pages;

/// <summary>
/// One OpenAPI document out of many. Each app is a tag; the names of its components and operations begin with its id, so that two apps may use the same;
/// what the gateway does not route to the app is left out.
/// </summary>
internal sealed class ApiMerge(RouteTable routes)
{
    private const string ComponentsPath = "#/components/";
    private readonly JsonObject _paths = [];
    private readonly JsonObject _components = [];
    private readonly JsonArray _tags = [];
    private string _version = "3.1.1";

    public void Add(string app, JsonObject document)
    {
        if (document["openapi"]?.GetValue<string>() is { } version && string.CompareOrdinal(version, _version) > 0)
        {
            _version = version;
        }

        Rename(document, app);
        var tag = new JsonObject { ["name"] = app };
        if (document["info"]?["description"]?.DeepClone() is { } description)
        {
            tag["description"] = description;
        }

        _tags.Add((JsonNode)tag);
        foreach (var (path, item) in document["paths"] as JsonObject ?? [])
        {
            if (item is JsonObject operations && routes.Find(path)?.App == app)
            {
                _paths[path] = OperationsOf(app, operations, document["security"]);
            }
        }

        foreach (var (section, entries) in document["components"] as JsonObject ?? [])
        {
            var all = _components[section] as JsonObject ?? [];
            _components[section] ??= all;
            foreach (var (name, component) in entries as JsonObject ?? [])
            {
                all[section == "securitySchemes" ? name : $"{app}.{name}"] = component?.DeepClone();
            }
        }
    }

    /// <param name="unavailable">The apps that did not tell.</param>
    public JsonObject Result(IEnumerable<string> unavailable) => new()
    {
        ["openapi"] = _version,
        ["info"] = new JsonObject { ["title"] = "DaprMesh", ["version"] = "1", ["description"] = "Every service, through the gateway." },
        ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
        ["tags"] = _tags,
        ["paths"] = _paths,
        ["components"] = _components,
        ["x-unavailable"] = new JsonArray([.. unavailable.Select(app => JsonValue.Create(app))]),
    };

    private static JsonObject OperationsOf(string app, JsonObject item, JsonNode? security)
    {
        var operations = (JsonObject)item.DeepClone();
        foreach (var (_, value) in operations)
        {
            if (value is not JsonObject operation || !operation.ContainsKey("responses"))
            {
                continue; // what all operations of a path share
            }

            operation["tags"] = new JsonArray(JsonValue.Create(app));
            if (operation["operationId"]?.GetValue<string>() is { } id)
            {
                operation["operationId"] = $"{app}_{id}";
            }

            if (security is not null && !operation.ContainsKey("security"))
            {
                operation["security"] = security.DeepClone();
            }
        }

        return operations;
    }

    /// <summary>Lets every reference of the document follow its component to its new name.</summary>
    private static void Rename(JsonNode? node, string app)
    {
        switch (node)
        {
            case JsonArray array:
                foreach (var item in array)
                {
                    Rename(item, app);
                }

                break;
            case JsonObject map:
                foreach (var (name, value) in map.ToList())
                {
                    if (value is JsonValue text && text.TryGetValue<string>(out var reference) && reference.StartsWith(ComponentsPath, StringComparison.Ordinal))
                    {
                        map[name] = Renamed(reference, app); // $ref, and the mapping of a discriminator
                    }
                    else
                    {
                        Rename(value, app);
                    }
                }

                break;
        }
    }

    private static string Renamed(string reference, string app)
    {
        var slash = reference.IndexOf('/', ComponentsPath.Length);
        return slash < 0 || reference.AsSpan(ComponentsPath.Length, slash - ComponentsPath.Length).SequenceEqual("securitySchemes")
            ? reference
            : $"{reference[..(slash + 1)]}{app}.{reference[(slash + 1)..]}";
    }
}
