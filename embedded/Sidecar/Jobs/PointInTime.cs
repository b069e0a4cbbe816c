using System.Globalization;
using System.Text.RegularExpressions;

namespace DaprMesh.Sidecar.Jobs;

/// <summary>A due time or a time to live: an instant (RFC 3339), or a duration counted from another instant.</summary>
internal static partial class PointInTime
{
    public static bool TryParse(string text, DateTimeOffset from, out DateTimeOffset time)
    {
        if (RepeatPeriod.TryParse(text, out var period) && period.Repetitions is null)
        {
            try
            {
                time = period.AddTo(from);
                return true;
            }
            catch (ArgumentOutOfRangeException)
            {
                time = default; // beyond the calendar
                return false;
            }
        }

        return TryParseInstant(text, out time);
    }

    public static bool TryParseInstant(string text, out DateTimeOffset time)
    {
        time = default;
        return Rfc3339().IsMatch(text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$", RegexOptions.CultureInvariant)]
    private static partial Regex Rfc3339();
}
