using System.Text;

namespace DaprMesh.Launcher;

/// <summary>The standard output of the apps in this process: its lines go the way of those that other processes write.</summary>
internal sealed class AppOutput(MeshLog log) : TextWriter
{
    private readonly StringBuilder _line = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        if (value == '\n')
        {
            log.Raw("mesh", _line.ToString());
            _line.Clear();
        }
        else if (value != '\r')
        {
            _line.Append(value);
        }
    }
}
