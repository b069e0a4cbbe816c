namespace DaprMesh.Contracts;

/// <summary>The names of the Dapr components that services use.</summary>
public static class Components
{
    public const string StateStore = "statestore";
    public const string PubSub = "pubsub";
    public const string SecretStore = "secretstore";
}
