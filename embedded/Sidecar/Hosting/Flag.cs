namespace DaprMesh.Sidecar.Hosting;

internal enum FlagKind
{
    Text,
    Number,
    Switch,
    Duration,
    List,
}

/// <param name="Usage">Empty: not shown by <c>--help</c>.</param>
/// <param name="IsIgnored">daprd's, but without a meaning here.</param>
internal sealed record Flag(string Name, FlagKind Kind, string Default, string Usage, bool IsIgnored = false);

/// <summary>The command line asks for something else than a sidecar: text to print and the process's exit code.</summary>
public sealed class CommandLineException(int exitCode, string text, bool isError) : Exception(text.TrimEnd())
{
    public int ExitCode { get; } = exitCode;

    public string Text { get; } = text;

    public bool IsError { get; } = isError;

    /// <summary>Prints the text where daprd would.</summary>
    public int Write(TextWriter output, TextWriter error)
    {
        (IsError ? error : output).Write(Text);
        return ExitCode;
    }
}
