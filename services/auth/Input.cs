using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace DaprMesh.Auth;

/// <summary>A body that may come as JSON or as a form.</summary>
internal sealed class Input<T>(T value) where T : class, IFormInput<T>
{
    public T Value => value;

    public static async ValueTask<Input<T>?> BindAsync(HttpContext http)
    {
        if (http.Request.HasFormContentType)
        {
            try
            {
                return new Input<T>(T.Of(await http.Request.ReadFormAsync(http.RequestAborted)));
            }
            catch (InvalidDataException e)
            {
                throw new BadHttpRequestException("The form cannot be read.", e);
            }
        }

        if (!http.Request.HasJsonContentType())
        {
            throw new BadHttpRequestException("The body has to be JSON or a form.", StatusCodes.Status415UnsupportedMediaType);
        }

        try
        {
            var json = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
            var read = await http.Request.ReadFromJsonAsync<T>(json, http.RequestAborted);
            return read is null ? throw new BadHttpRequestException("There has to be a body.") : new Input<T>(read);
        }
        catch (JsonException e)
        {
            throw new BadHttpRequestException("The body cannot be read.", e);
        }
    }
}

/// <summary>A body that can be made of a form, too.</summary>
internal interface IFormInput<T>
{
    static abstract T Of(IFormCollection form);
}

internal static class Forms
{
    /// <summary>The one value of a field; null for none, for an empty one and for several.</summary>
    public static string? One(this IFormCollection form, string name) => form[name] is { Count: 1 } values && values[0] is { Length: > 0 } value ? value : null;
}
