using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Catalog;

/// <summary>Answers that several slices give.</summary>
internal static class ProductAnswers
{
    public static ProblemHttpResult Missing(string id) => Problem(404, "product.missing", "No such product", $"There is no product {id}.");

    public static ProblemHttpResult Stale(string id) => Problem(
        412, "product.changed-meanwhile", "Changed meanwhile", $"Product {id} was changed since you read it. Read it again and repeat your change.");

    public static ProblemHttpResult IfMatchNeeded() => Problem(
        428, "product.if-match-needed", "If-Match needed", "Send the ETag of the product you read as If-Match, or * to change whatever is there.");

    public static ProblemHttpResult Refused(Refusal reason) => Problem(409, reason.Code, "Not possible", reason.Sentence);

    public static ProblemHttpResult Problem(int status, string code, string title, string detail) =>
        TypedResults.Problem(detail, statusCode: status, title: title, extensions: new Dictionary<string, object?> { ["code"] = code });

    /// <summary>The ETag in If-Match: unquoted; null for <c>*</c>. False: the header is missing.</summary>
    public static bool TryIfMatch(HttpRequest request, out string? etag)
    {
        var header = request.Headers.IfMatch.ToString().Trim();
        etag = header is "*" ? null : header.Replace("W/", "", StringComparison.Ordinal).Trim('"');
        return header.Length > 0;
    }
}
