namespace DaprMesh.Contracts;

/// <summary>A price or a sum: an amount and its ISO 4217 currency.</summary>
public sealed record Money(decimal Amount, string Currency);
