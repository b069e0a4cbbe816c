using DaprMesh.State;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Auth;

/// <summary>What a decision in the database came to: a value, or a refusal.</summary>
internal sealed class Outcome<T> where T : class
{
    private Outcome(T? value, Refusal? refusal, TimeSpan? retryAfter)
    {
        Value = value;
        Refusal = refusal;
        RetryAfter = retryAfter;
    }

    public T? Value { get; }

    /// <summary>Null: there is a value.</summary>
    public Refusal? Refusal { get; }

    public TimeSpan? RetryAfter { get; }

    public static implicit operator Outcome<T>(T value) => new(value, null, null);

    public static implicit operator Outcome<T>(Refusal refusal) => new(null, refusal, null);

    public static Outcome<T> Wait(Refusal refusal, TimeSpan retryAfter) => new(null, refusal, retryAfter);

    /// <summary>The same refusal of something else.</summary>
    public Outcome<TOther> As<TOther>() where TOther : class => new(null, Refusal, RetryAfter);

    public Results<Ok<TView>, ProblemHttpResult> ToOk<TView>(HttpContext http, Func<T, TView> view) =>
        Value is null ? ToProblem(http) : TypedResults.Ok(view(Value));

    public Results<NoContent, ProblemHttpResult> ToNoContent(HttpContext http) => Value is null ? ToProblem(http) : TypedResults.NoContent();

    public ProblemHttpResult ToProblem(HttpContext http)
    {
        if (RetryAfter is { } wait)
        {
            http.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return Refusals.ToAnswer(Refusal ?? throw new InvalidOperationException("This was not refused."));
    }
}
