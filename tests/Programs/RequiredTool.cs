namespace DaprMesh.Programs;

/// <summary>A program that a test runs when the machine has it; DAPRMESH_REQUIRE_TOOLS=1 turns its absence into a failure.</summary>
internal static class RequiredTool
{
    public static string Find(string name, string debianPackage)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
        if (path is not null)
            return path;

        var reason = $"{name} is not installed (Debian package {debianPackage}).";
        if (Environment.GetEnvironmentVariable("DAPRMESH_REQUIRE_TOOLS") == "1")
            Assert.Fail(reason);
        Assert.Skip(reason);
        return "";
    }
}
