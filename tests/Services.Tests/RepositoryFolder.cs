namespace DaprMesh.Services.Tests;

/// <summary>The repository that the tests were built in.</summary>
internal static class RepositoryFolder
{
    public static string Path(string relative)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "DaprMesh.sln")))
        {
            folder = folder.Parent;
        }

        return System.IO.Path.Combine(folder?.FullName ?? throw new DirectoryNotFoundException("DaprMesh.sln is in no folder above the tests."), relative);
    }
}
