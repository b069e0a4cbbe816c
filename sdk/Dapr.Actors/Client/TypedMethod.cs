using System.Reflection;
using System.Text.Json;
using Dapr.Actors.Communication;

namespace Dapr.Actors.Client;

/// <summary>A method of a typed proxy: sends the named arguments and reads the result.</summary>
internal class TypedMethod
{
    private readonly NamedArguments _parameters;
    private readonly string _name;

    protected TypedMethod(MethodInfo method) => (_parameters, _name) = (new NamedArguments(method), method.Name);

    public static TypedMethod Of(MethodInfo method) => method.ReturnType == typeof(Task)
        ? new TypedMethod(method)
        : (TypedMethod)Activator.CreateInstance(
            typeof(WithResult<>).MakeGenericType(method.ReturnType.GenericTypeArguments), method)!; // null only for Nullable<T>

    public virtual Task CallAsync(SidecarActor sidecar, object?[] arguments, JsonSerializerOptions json) =>
        SendAsync(sidecar, arguments, json, static (_, _) => true);

    protected async Task<TResult> SendAsync<TResult>(
        SidecarActor sidecar, object?[] arguments, JsonSerializerOptions json, Func<PooledBuffer, JsonSerializerOptions, TResult> read)
    {
        var cancellationToken = _parameters.TakesToken && arguments[^1] is CancellationToken token ? token : CancellationToken.None;
        var body = JsonBody.Written(
            (_parameters, arguments, json), json.Encoder, static (writer, call) => call._parameters.Write(writer, call.arguments, call.json));

        using var response = await sidecar.CallAsync(_name, body, typed: true, cancellationToken);
        using var answer = new PooledBuffer();
        await answer.FillAsync(await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken);
        body.Release();
        if (response.Headers.TryGetValues(ActorHeaders.Error, out var errors))
            throw ActorFault.Read(string.Join(", ", errors), answer.Written.Span);
        return read(answer, json);
    }

    private sealed class WithResult<TResult>(MethodInfo method) : TypedMethod(method)
    {
        public override Task CallAsync(SidecarActor sidecar, object?[] arguments, JsonSerializerOptions json) => SendAsync(
            sidecar, arguments, json, static (answer, json) => TypedEnvelope.ReadResult<TResult>(answer.Written.Span, json));
    }
}
