namespace DaprMesh.Benchmarks;

/// <summary>One line of the report.</summary>
/// <param name="Value">What counts: a share of a ceiling where there is one.</param>
/// <param name="Target">What is wanted of it, as text.</param>
/// <param name="Met">Null: there is no target.</param>
/// <param name="Absolute">What was measured, which holds for this machine and this minute only.</param>
internal sealed record Figure(string Name, string Value, string Target, bool? Met, string Absolute)
{
    public static Figure AtLeast(string name, double ratio, double target, string absolute) =>
        new(name, ratio.ToString("0.00", Culture), $"≥ {target.ToString("0.##", Culture)}", ratio >= target, absolute);

    public static Figure AtMost(string name, double value, double target, string unit, string absolute = "") =>
        new(name, $"{value.ToString("0.##", Culture)} {unit}", $"≤ {target.ToString("0.##", Culture)} {unit}", value <= target, absolute);

    public static Figure Plain(string name, string absolute) => new(name, "", "", null, absolute);

    public static string PerSecond(double rate) => rate.ToString("#,0", Culture) + "/s";

    public static string Milliseconds(double p50, double p99) => $"p50 {p50.ToString("0.0", Culture)} ms, p99 {p99.ToString("0.0", Culture)} ms";

    private static System.Globalization.CultureInfo Culture => System.Globalization.CultureInfo.InvariantCulture;
}
