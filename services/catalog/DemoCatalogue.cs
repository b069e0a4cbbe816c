using Dapr.Client;
using DaprMesh.State;
using Microsoft.Extensions.Options;

namespace DaprMesh.Catalog;

/// <summary>
/// Fills the catalogue with 60 products to try things out. Each is made under an idempotency key of its own, so a start that was cut off
/// is completed by the next one, and a product that was deleted stays deleted.
/// </summary>
internal sealed class DemoCatalogue(
    StateStore<Product> products, DaprClient dapr, IOptions<CatalogOptions> options, TimeProvider clock, ILogger<DemoCatalogue> log) : BackgroundService
{
    private static readonly (string Category, string[] Names, decimal From, decimal Step)[] Lines =
    [
        ("Courses", ["Algebra basics", "Geometry basics", "Calculus I", "Statistics for everyone", "Physics lab days", "Chemistry at home",
            "English conversation", "Spanish for beginners", "French pronunciation", "Essay writing", "Public speaking", "Exam preparation"], 89m, 15m),
        ("Lessons", ["Single lesson, 45 minutes", "Single lesson, 60 minutes", "Single lesson, 90 minutes", "Pack of 5 lessons", "Pack of 10 lessons",
            "Pack of 20 lessons", "Lesson for two", "Lesson for a small group", "Weekend intensive", "Trial lesson", "Homework check", "Question hour"], 19m, 9m),
        ("Books", ["Workbook Algebra", "Workbook Geometry", "Workbook Calculus", "Formula collection", "Grammar in use", "Vocabulary trainer",
            "Reader level A", "Reader level B", "Reader level C", "Exam collection", "Solutions volume", "Study planner"], 9.9m, 2.5m),
        ("Materials", ["Compass set", "Ruler set", "Scientific calculator", "Graphing calculator", "Whiteboard, small", "Whiteboard markers",
            "Flash cards", "Notebook, squared", "Notebook, lined", "Folder with index", "Highlighter set", "Pencil case"], 2.5m, 6m),
        ("Services", ["Learning plan", "Placement test", "Progress report", "Parents' talk", "Certificate", "Express certificate",
            "Transcript", "Coaching session", "Career talk", "Application check", "Mock interview", "Library pass"], 15m, 7m),
    ];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Demo)
        {
            return;
        }

        await dapr.WaitForSidecarAsync(stoppingToken);
        var made = 0;
        foreach (var input in Inputs())
        {
            var id = Product.NewId(clock.GetUtcNow());
            var decision = Product.Add(id, input, clock.GetUtcNow());
            if (await products.CreateAsync(id, decision, IdempotencyKey.Forever($"demo-{input.Sku}"), stoppingToken) is Decision<Product>.Changed)
            {
                made++;
            }
        }

        if (made > 0)
        {
            log.LogInformation("Added {Count} demo products", made);
        }
    }

    private static IEnumerable<ProductInput> Inputs() =>
        from line in Lines
        from entry in line.Names.Index()
        select new ProductInput(
            $"{line.Category[..3].ToUpperInvariant()}-{entry.Index + 1:000}", entry.Item, $"{entry.Item}, from our {line.Category.ToLowerInvariant()}.",
            line.Category, line.From + (line.Step * entry.Index), "EUR", 10 + (entry.Index * 7 % 40));
}
