namespace DaprMesh.Sidecar.Observability;

/// <summary>Cuts what names single things (keys, actor ids, workflow instances) out of paths.</summary>
internal static class ApiPathLabel
{
    public static string Of(string path)
    {
        if (path.Length == 0)
        {
            return path;
        }

        path = PathPatterns.Normalize(path);
        var segments = path[1..].Split('/', 6);
        if (segments.Length < 3)
        {
            return path;
        }

        if (segments[0] == "actors")
        {
            segments[2] = "{id}";
            return string.Join('/', segments);
        }

        return segments[1] switch
        {
            "state" or "secrets" => Join(segments, 3),
            "actors" when segments.Length >= 5 => Actor(segments),
            "workflows" when segments.Length >= 4 => Workflow(segments),
            _ => path,
        };
    }

    private static string Actor(string[] segments)
    {
        segments[3] = "{id}";
        return Join(segments, 5);
    }

    private static string Workflow(string[] segments)
    {
        if (segments.Length == 5 && segments[4].StartsWith("start", StringComparison.Ordinal))
        {
            return Join(segments, 4) + "/start";
        }

        segments[3] = "{instanceId}";
        if (segments.Length == 6 && segments[4] == "raiseEvent" && segments[5].Length > 0)
        {
            segments[5] = "{eventName}";
            return Join(segments, 6);
        }

        return Join(segments, Math.Min(segments.Length, 5));
    }

    private static string Join(string[] segments, int count) => "/" + string.Join('/', segments, 0, count);
}
