using System.Reflection;
using System.Xml.Linq;

namespace DaprMesh.Launcher;

/// <summary>Finds the program of an app folder among the assemblies that were built with the launcher.</summary>
internal static class AppProgram
{
    /// <summary>The path of the app's assembly, or null when the folder holds no project that was built with the launcher.</summary>
    public static string? Find(string folder)
    {
        var projects = Directory.GetFiles(folder, "*.csproj");
        if (projects.Length != 1)
        {
            return null;
        }

        var name = XDocument.Load(projects[0]).Descendants("AssemblyName").FirstOrDefault()?.Value ?? Path.GetFileNameWithoutExtension(projects[0]);
        var assembly = Path.Combine(AppContext.BaseDirectory, name + ".dll");
        return File.Exists(assembly) ? assembly : null;
    }

    public static Assembly Load(string path) => Assembly.Load(AssemblyName.GetAssemblyName(path));
}
