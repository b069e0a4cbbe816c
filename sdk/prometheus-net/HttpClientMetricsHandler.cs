using System.Diagnostics;
using System.Globalization;

namespace Prometheus.HttpClientMetrics;

/// <summary>Measures the requests of one HTTP client.</summary>
internal sealed class HttpClientMetricsHandler : DelegatingHandler
{
    private static readonly double[] Buckets = Histogram.ExponentialBuckets(0.001, 2, 16);

    private readonly string _client;
    private readonly ICollector<IGauge>? _inProgress;
    private readonly ICollector<ICounter>? _count;
    private readonly ICollector<IHistogram>? _requestDuration;
    private readonly ICollector<IHistogram>? _responseDuration;

    public HttpClientMetricsHandler(HttpClientExporterOptions options, HttpClientIdentity identity, CollectorRegistry hostRegistry)
    {
        _client = identity.Name;
        if (options.InProgress.Enabled)
        {
            _inProgress = options.InProgress.Gauge ?? Factory(options.InProgress).CreateGauge(
                "httpclient_requests_in_progress",
                "Number of requests currently being executed by an HttpClient that have not yet received response headers. Value is decremented once response headers are received.",
                HttpClientRequestLabelNames.KnownInAdvance);
        }

        if (options.RequestCount.Enabled)
        {
            _count = options.RequestCount.Counter ?? Factory(options.RequestCount).CreateCounter(
                "httpclient_requests_sent_total", "Count of HTTP requests that have been completed by an HttpClient.", HttpClientRequestLabelNames.All);
        }

        if (options.RequestDuration.Enabled)
        {
            _requestDuration = options.RequestDuration.Histogram ?? Factory(options.RequestDuration).CreateHistogram(
                "httpclient_request_duration_seconds",
                "Duration histogram of HTTP requests performed by an HttpClient.",
                HttpClientRequestLabelNames.All,
                new HistogramConfiguration { Buckets = Buckets });
        }

        if (options.ResponseDuration.Enabled)
        {
            _responseDuration = options.ResponseDuration.Histogram ?? Factory(options.ResponseDuration).CreateHistogram(
                "httpclient_response_duration_seconds",
                "Duration histogram of HTTP requests performed by an HttpClient, measuring the duration until the HTTP response finished being processed.",
                HttpClientRequestLabelNames.All,
                new HistogramConfiguration { Buckets = Buckets });
        }

        MetricFactory Factory(HttpClientMetricsOptionsBase own) => Metrics.WithCustomRegistry(own.Registry ?? hostRegistry);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var inProgress = For(_inProgress, request, code: "");
        inProgress?.Inc();
        // A request that got no answer is counted too, with an empty code.
        var code = "";
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            code = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
            if (For(_responseDuration, request, code) is { } responseDuration)
                response.Content = new MeasuredContent(response.Content, () => responseDuration.Observe(Stopwatch.GetElapsedTime(started).TotalSeconds));
            return response;
        }
        finally
        {
            inProgress?.Dec();
            For(_count, request, code)?.Inc();
            For(_requestDuration, request, code)?.Observe(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
    }

    private TChild? For<TChild>(ICollector<TChild>? collector, HttpRequestMessage request, string code)
        where TChild : class, ICollectorChild
    {
        if (collector is null)
            return null;
        var values = new string[collector.LabelNames.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = collector.LabelNames[i] switch
            {
                HttpClientRequestLabelNames.Method => request.Method.Method,
                HttpClientRequestLabelNames.Host => request.RequestUri?.Host ?? "",
                HttpClientRequestLabelNames.Client => _client,
                HttpClientRequestLabelNames.Code => code,
                var other => throw new InvalidOperationException($"The label '{other}' of {collector.Name} is not known for HTTP clients."),
            };
        }

        return collector.WithLabels(values);
    }
}
