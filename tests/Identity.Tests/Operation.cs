namespace DaprMesh.Identity.Tests;

/// <summary>Who may use an operation.</summary>
public enum Who
{
    /// <summary>Anybody, without a token.</summary>
    Anyone,

    /// <summary>Anybody with a token, about himself.</summary>
    Person,

    /// <summary>Whom the id in the path names, and whoever has a permission.</summary>
    SelfOrRight,

    /// <summary>Whoever has a permission.</summary>
    Right,

    /// <summary>Other services, through their sidecars: nobody through the gateway.</summary>
    Services,
}

/// <summary>One operation of a service with an example of its use.</summary>
/// <param name="Path">As the service's OpenAPI document writes it.</param>
/// <param name="Success">What the example is answered.</param>
/// <param name="Prepare">Makes what the example needs: the path and the body for it.</param>
public sealed record Operation(string AppId, string Method, string Path, Who Who, int Success, Func<IdentityMesh, Task<Example>> Prepare)
{
    public override string ToString() => $"{Method} {Path}";
}

/// <param name="Subject">Whom the example is about; a caller without rights is somebody else.</param>
/// <param name="IfMatch">The ETag that has to be sent.</param>
public sealed record Example(string Path, object? Body = null, Person? Subject = null, string? IfMatch = null);
