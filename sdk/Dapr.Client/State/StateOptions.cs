namespace Dapr.Client;

/// <summary>How the state store treats concurrent writers and replicas.</summary>
public class StateOptions
{
    public ConsistencyMode? Consistency { get; set; }

    public ConcurrencyMode? Concurrency { get; set; }
}

/// <summary>Who wins when two writers meet.</summary>
public enum ConcurrencyMode
{
    FirstWrite,
    LastWrite,
}

/// <summary>What a write or a read waits for.</summary>
public enum ConsistencyMode
{
    Eventual,
    Strong,
}

/// <summary>What a state transaction does with a key.</summary>
public enum StateOperationType
{
    Upsert,
    Delete,
}
