namespace DaprMesh.Gateway;

/// <summary>What every answer tells browsers. What an app says itself stands.</summary>
internal static class SecurityHeaders
{
    /// <summary>For pages without scripts.</summary>
    public const string PagePolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Set before the answer is known: an app's own header replaces it when its answer is copied.</summary>
    public static void Set(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        if (http.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        }
    }
}
