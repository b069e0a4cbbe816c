namespace DaprMesh.Catalog;

internal static class ProductIndex
{
    /// <summary>Every product, newest first.</summary>
    public const string All = "all";
}
