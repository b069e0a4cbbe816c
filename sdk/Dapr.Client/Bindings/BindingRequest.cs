namespace Dapr.Client;

/// <summary>A call of an output binding with raw data.</summary>
public sealed class BindingRequest
{
    public BindingRequest(string bindingName, string operation)
    {
        ArgumentException.ThrowIfNullOrEmpty(bindingName);
        ArgumentException.ThrowIfNullOrEmpty(operation);
        BindingName = bindingName;
        Operation = operation;
    }

    public string BindingName { get; }

    public string Operation { get; }

    public ReadOnlyMemory<byte> Data { get; set; }

    public Dictionary<string, string> Metadata { get; } = [];
}
