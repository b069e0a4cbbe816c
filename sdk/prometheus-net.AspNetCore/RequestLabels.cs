using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Prometheus.HttpMetrics;

/// <summary>Finds the label values of one metric in a request.</summary>
internal sealed class RequestLabels
{
    private const int MaxOnStack = 16;

    private readonly Func<HttpContext, string>[] _values;

    private RequestLabels(Func<HttpContext, string>[] values) => _values = values;

    /// <summary>The names that a metric gets when the application brings none of its own.</summary>
    public static string[] Names(HttpMetricsOptionsBase options, bool withCode, IServiceProvider services)
    {
        var names = new List<string>();
        if (withCode)
            names.Add(HttpRequestLabelNames.Code);
        names.AddRange([HttpRequestLabelNames.Method, HttpRequestLabelNames.Controller, HttpRequestLabelNames.Action]);
        if (services.GetService<PageLoader>() is not null)
            names.Add(HttpRequestLabelNames.Page);
        names.Add(HttpRequestLabelNames.Endpoint);
        names.AddRange(options.AdditionalRouteParameters.Select(mapping => mapping.LabelName));
        names.AddRange(options.CustomLabels.Select(label => label.LabelName));
        return [.. names];
    }

    public static RequestLabels For(ICollector collector, HttpMetricsOptionsBase options, bool withCode) =>
        new([.. collector.LabelNames.Select(name => ValueOf(collector, name, options, withCode))]);

    public TChild Find<TChild>(ICollector<TChild> collector, HttpContext context)
        where TChild : ICollectorChild
    {
        var slots = new Slots();
        Span<string> values = slots;
        values = _values.Length <= MaxOnStack ? values[.._values.Length] : new string[_values.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = _values[i](context);
        return collector.WithLabels((ReadOnlySpan<string>)values);
    }

    private static Func<HttpContext, string> ValueOf(ICollector collector, string name, HttpMetricsOptionsBase options, bool withCode)
    {
        if (options.CustomLabels.FirstOrDefault(label => label.LabelName == name) is { } custom)
            return custom.LabelValueProvider;
        if (options.AdditionalRouteParameters.FirstOrDefault(mapping => mapping.LabelName == name) is { } mapping)
            return context => RouteValue(context, mapping.ParameterName);
        return name switch
        {
            HttpRequestLabelNames.Code when withCode && options.ReduceStatusCodeCardinality => ReducedCode,
            HttpRequestLabelNames.Code when withCode => static context => StatusCodes.Text(context.Response.StatusCode),
            HttpRequestLabelNames.Method => static context => context.Request.Method,
            HttpRequestLabelNames.Controller or HttpRequestLabelNames.Action or HttpRequestLabelNames.Page =>
                context => RouteValue(context, name),
            HttpRequestLabelNames.Endpoint => static context =>
                (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "",
            _ => throw new ArgumentException($"The label '{name}' of {collector.Name} has no source in a request."),
        };
    }

    private static string ReducedCode(HttpContext context) => (context.Response.StatusCode / 100) switch
    {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        5 => "5xx",
        _ => StatusCodes.Text(context.Response.StatusCode),
    };

    private static string RouteValue(HttpContext context, string name) =>
        Convert.ToString(context.GetRouteValue(name), CultureInfo.InvariantCulture) ?? "";

    [System.Runtime.CompilerServices.InlineArray(MaxOnStack)]
    private struct Slots
    {
        private string _first;
    }

    private static class StatusCodes
    {
        private static readonly string[] Known =
            [.. Enumerable.Range(0, 600).Select(code => code.ToString(CultureInfo.InvariantCulture))];

        public static string Text(int code) =>
            (uint)code < (uint)Known.Length ? Known[code] : code.ToString(CultureInfo.InvariantCulture);
    }
}
