namespace DaprMesh.Sidecar.Resources;

/// <summary>A resource or configuration file that cannot be read; the message names file, line and field.</summary>
public sealed class ResourceFormatException(string file, int line, string? field, string problem)
    : Exception($"{file}:{line}: {(field is null ? "" : field + ": ")}{problem}");

/// <summary>What is in the resources or the configuration keeps the sidecar from starting.</summary>
public sealed class ResourceException(string message, Exception? inner = null) : Exception(message, inner);
