using System.Net.Http.Json;
using DaprMesh.Catalog;
using DaprMesh.Contracts;
using DaprMesh.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Services.Tests.Testing;

public sealed class ReadmeTests
{
    [Fact]
    public async Task The_example_of_the_README_runs()
    {
        var ct = TestContext.Current.CancellationToken;

        await using var mesh = await Mesh.StartAsync(mesh => mesh
            .App<Product>("catalog")                                  // your program, named by any type in it
            .Authority()                                              // signs tokens of people that it takes
            .App("buyer", app =>                                      // a small app, written here
            {
                app.MapGet("/dapr/subscribe", () => new[] { new { pubsubname = "pubsub", topic = "product-created", route = "/new" } });
                app.MapPost("/new", () => Results.Ok());
            }), ct);

        mesh.Faults.Drop(to: "buyer");                                // the first delivery is lost on the way
        var staff = mesh.App("catalog", mesh.Authority.Token("usr_sue", Roles.Staff));
        await staff.PostAsJsonAsync("api/products/", new { sku = "A-1", name = "Atlas", category = "Books", price = 20 }, ct);
        var taken = await mesh.Events.TakenAsync("buyer", "product-created", count: 1, ct);
        Assert.Equal("Atlas", taken[0].Content.Data.GetProperty("name").GetString());
    }

    [Fact]
    public void The_example_of_the_README_is_the_one_that_runs()
    {
        var readme = File.ReadAllText(RepositoryFolder.Path("libs/Testing/README.md"));
        var example = readme.Split("```csharp")[1].Split("```")[0];
        var test = File.ReadAllText(RepositoryFolder.Path("tests/Services.Tests/Testing/ReadmeTests.cs"));

        Assert.Contains(Lines(example), Lines(test), StringComparison.Ordinal);
    }

    private static string Lines(string text) =>
        string.Join('\n', text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));
}
