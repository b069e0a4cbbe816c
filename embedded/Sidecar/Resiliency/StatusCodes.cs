using System.Globalization;

namespace DaprMesh.Sidecar.Resiliency;

/// <summary>The status codes a retry policy matches, such as <c>429,500-599</c>. Without any, every code matches.</summary>
internal sealed class StatusCodes
{
    public static readonly (int First, int Last) Http = (100, 599);
    public static readonly (int First, int Last) Grpc = (0, 16);

    private readonly List<(int First, int Last)> _ranges = [];

    public bool Match(int code) => _ranges.Count == 0 || _ranges.Exists(range => range.First <= code && code <= range.Last);

    public static bool TryParse(string? text, (int First, int Last) valid, out StatusCodes codes, out string problem)
    {
        codes = new StatusCodes();
        problem = "";
        foreach (var pattern in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var bounds = pattern.Split('-');
            if (bounds.Length > 2)
                problem = $"invalid pattern {pattern}, more than one '-' exists";
            else if (!TryCode(bounds[0], valid, out var first) || !TryCode(bounds[^1], valid, out var last))
                problem = $"invalid pattern {pattern}, a code has to be a number from {valid.First} to {valid.Last}";
            else if (last < first)
                problem = $"invalid pattern {pattern}, the start is bigger than the end";
            else
                codes._ranges.Add((first, last));

            if (problem.Length > 0)
                return false;
        }

        return true;
    }

    private static bool TryCode(string text, (int First, int Last) valid, out int code) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out code) && code >= valid.First && code <= valid.Last;
}
