namespace DaprMesh.Contracts;

/// <summary>The Dapr app-ids of the services.</summary>
public static class AppIds
{
    public const string Gateway = "gateway";
    public const string Auth = "auth";
    public const string Users = "users";
    public const string Catalog = "catalog";
    public const string Bot = "bot";
}
