using System.Buffers;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using Dapr.Actors.Communication;

namespace Dapr.Actors.Runtime;

/// <summary>A method of an actor interface: reads arguments, calls, and writes the result. Compiled at its first call.</summary>
internal sealed class ActorMethod
{
    private readonly NamedArguments _parameters;
    private readonly Lazy<Func<Actor, object?[], CancellationToken, Task>> _call;
    private readonly ResultWriter? _result;

    public ActorMethod(MethodInfo method)
    {
        _parameters = new NamedArguments(method);
        _call = new(() => Compile(method, _parameters));
        _result = method.ReturnType == typeof(Task)
            ? null
            : (ResultWriter?)Activator.CreateInstance(typeof(ResultWriter<>).MakeGenericType(method.ReturnType.GenericTypeArguments));
        Context = new ActorMethodContext(method.Name, ActorCallType.ActorInterfaceMethod);
    }

    public ActorMethodContext Context { get; }

    /// <summary>Reads the one argument of a call without names.</summary>
    public object?[] ReadPlain(in ReadOnlySequence<byte> body, JsonSerializerOptions options)
    {
        if (_parameters.Count == 0)
            return [];
        if (_parameters.Count > 1)
            throw new ArgumentException($"{Context.MethodName} takes more than one argument, so only a typed proxy can call it.", nameof(body));
        var reader = Reader(body, options);
        return [JsonSerializer.Deserialize(ref reader, _parameters.TypeOf(0), options)];
    }

    /// <summary>Reads the named arguments of a typed call.</summary>
    public object?[] ReadTyped(in ReadOnlySequence<byte> body, JsonSerializerOptions options)
    {
        var reader = Reader(body, options);
        return _parameters.Read(ref reader, options);
    }

    public Task CallAsync(Actor actor, object?[] arguments, CancellationToken cancellationToken) =>
        _call.Value(actor, arguments, cancellationToken);

    /// <summary>Writes the result of a finished call, if the method has one.</summary>
    public void WriteResult(Task finished, PooledBuffer output, bool typed, JsonSerializerOptions options)
    {
        if (_result is null)
            return;
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = options.Encoder, Indented = options.WriteIndented });
        if (!typed)
        {
            _result.Write(writer, finished, options);
            return;
        }

        writer.WriteStartObject();
        writer.WriteStartObject("value"u8);
        writer.WritePropertyName(NamedArguments.ReturnValue);
        _result.Write(writer, finished, options);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static Utf8JsonReader Reader(in ReadOnlySequence<byte> body, JsonSerializerOptions options) => new(body, new JsonReaderOptions
    {
        AllowTrailingCommas = options.AllowTrailingCommas,
        CommentHandling = options.ReadCommentHandling,
        MaxDepth = options.MaxDepth,
    });

    private static Func<Actor, object?[], CancellationToken, Task> Compile(MethodInfo method, NamedArguments parameters)
    {
        var actor = Expression.Parameter(typeof(Actor), "actor");
        var arguments = Expression.Parameter(typeof(object[]), "arguments");
        var token = Expression.Parameter(typeof(CancellationToken), "token");
        var passed = Enumerable.Range(0, parameters.Count)
            .Select(Expression (i) => Expression.Convert(Expression.ArrayIndex(arguments, Expression.Constant(i)), parameters.TypeOf(i)));
        if (parameters.TakesToken)
            passed = passed.Append(token);
        // The method belongs to an interface, which has a declaring type.
        var call = Expression.Call(Expression.Convert(actor, method.DeclaringType!), method, passed);
        return Expression.Lambda<Func<Actor, object?[], CancellationToken, Task>>(call, actor, arguments, token).Compile();
    }

    private abstract class ResultWriter
    {
        public abstract void Write(Utf8JsonWriter writer, Task finished, JsonSerializerOptions options);
    }

    private sealed class ResultWriter<T> : ResultWriter
    {
        public override void Write(Utf8JsonWriter writer, Task finished, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, ((Task<T>)finished).Result, options);
    }
}
