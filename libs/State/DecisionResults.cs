using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.State;

/// <summary>Turns decisions into answers: the one place for HTTP, and the one for events.</summary>
public static class DecisionResults
{
    public static Results<Ok<T>, ProblemHttpResult> ToOk<T>(this Decision<T> decision) where T : class => decision.ToOk(state => state);

    public static Results<Ok<TView>, ProblemHttpResult> ToOk<T, TView>(this Decision<T> decision, Func<T, TView> view) where T : class
    {
        ArgumentNullException.ThrowIfNull(view);
        return State(decision, out var state) is { } refusal ? refusal.ToProblem() : TypedResults.Ok(view(state));
    }

    public static Results<Ok<Page<T>>, ProblemHttpResult> ToOk<T>(this Page<T>? page) =>
        page is null ? UnknownCursor.ToProblem(StatusCodes.Status400BadRequest) : TypedResults.Ok(page);

    public static Results<Created<T>, ProblemHttpResult> ToCreated<T>(this Decision<T> decision, Func<T, string> location) where T : class =>
        decision.ToCreated(location, state => state);

    public static Results<Created<TView>, ProblemHttpResult> ToCreated<T, TView>(this Decision<T> decision, Func<T, string> location, Func<T, TView> view)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(location);
        ArgumentNullException.ThrowIfNull(view);
        return State(decision, out var state) is { } refusal ? refusal.ToProblem() : TypedResults.Created(location(state), view(state));
    }

    public static Results<NoContent, ProblemHttpResult> ToNoContent<T>(this Decision<T> decision) where T : class =>
        State(decision, out _) is { } refusal ? refusal.ToProblem() : TypedResults.NoContent();

    /// <summary>The answer to the sidecar that brought an event: a refusal drops it, to the dead letters.</summary>
    public static Ack ToAck<T>(this Decision<T> decision) where T : class => State(decision, out _) is null ? Ack.Success : Ack.Drop;

    /// <summary>A refusal as <c>application/problem+json</c> with its code and the trace's id.</summary>
    public static ProblemHttpResult ToProblem(this Refusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return refusal.ToProblem(Status(refusal.Kind));
    }

    /// <summary>Sets the ETag of what was saved or found, so that the caller can go on from it.</summary>
    public static Decision<T> WithETag<T>(this Decision<T> decision, HttpResponse response) where T : class
    {
        ArgumentNullException.ThrowIfNull(response);
        var etag = decision switch
        {
            Decision<T>.Changed changed => changed.ETag,
            Decision<T>.Unchanged unchanged => unchanged.ETag,
            _ => null,
        };
        if (etag is not null)
        {
            response.Headers.ETag = $"\"{etag}\"";
        }

        return decision;
    }

    private static Refusal UnknownCursor { get; } = new(RefusalKind.Invalid, "cursor.unknown", "cursor is a value that an earlier page of the same list gave.");

    private static ProblemHttpResult ToProblem(this Refusal refusal, int status)
    {
        var extensions = new Dictionary<string, object?> { ["code"] = refusal.Code };
        if (Activity.Current is { } activity)
        {
            extensions["traceId"] = activity.TraceId.ToString();
        }

        return TypedResults.Problem(refusal.Sentence, statusCode: status, extensions: extensions);
    }

    private static Refusal? State<T>(Decision<T> decision, out T state) where T : class
    {
        ArgumentNullException.ThrowIfNull(decision);
        (state, var refusal) = decision switch
        {
            Decision<T>.Changed changed => (changed.State, null),
            Decision<T>.Unchanged unchanged => (unchanged.State, null),
            Decision<T>.Refused refused => ((T)null!, refused.Reason), // whoever gets a refusal does not look at the state
            _ => throw new UnreachableException(),
        };
        return refusal;
    }

    private static int Status(RefusalKind kind) => kind switch
    {
        RefusalKind.NotFound => StatusCodes.Status404NotFound,
        RefusalKind.Conflict => StatusCodes.Status409Conflict,
        RefusalKind.Stale => StatusCodes.Status412PreconditionFailed,
        RefusalKind.ConditionNeeded => StatusCodes.Status428PreconditionRequired,
        RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
        RefusalKind.TooMany => StatusCodes.Status429TooManyRequests,
        _ => StatusCodes.Status422UnprocessableEntity,
    };
}
