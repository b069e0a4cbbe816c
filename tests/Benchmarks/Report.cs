namespace DaprMesh.Benchmarks;

/// <summary>Prints figures as they come, aligned.</summary>
internal static class Report
{
    public static void Title(string title)
    {
        Console.WriteLine();
        Console.WriteLine(title);
    }

    public static void Print(IEnumerable<Figure> figures)
    {
        foreach (var figure in figures)
        {
            var mark = figure.Met switch { true => "ok ", false => "MISS", null => "" };
            Console.WriteLine($"  {figure.Name,-44} {figure.Value,10}  {figure.Target,-10} {mark,-5} {figure.Absolute}");
        }
    }
}
