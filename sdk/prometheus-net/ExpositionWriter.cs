using System.Buffers;
using System.Globalization;
using System.Text;

namespace Prometheus;

/// <summary>Writes metrics in one of the two text formats into a buffer, which the registry sends piece by piece.</summary>
internal sealed class ExpositionWriter(ExpositionFormat format) : IDisposable
{
    private const string TotalSuffix = "_total";

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
    private int _length;
    private byte[] _name = [];
    private int _declaredAt;
    private int _firstSeriesAt;
    private bool _isTotal;
    private bool _exemplarsAllowed;

    public bool IsOpenMetrics { get; } = format == ExpositionFormat.OpenMetricsText;

    /// <summary>What the current family's counters append to the family's name.</summary>
    public ReadOnlySpan<byte> CounterSuffix => _isTotal ? "_total"u8 : [];

    public int Length => _length;

    public void Family(string name, string help, MetricType type)
    {
        // OpenMetrics names a family of counters without _total; a counter that is named otherwise has no type there.
        _isTotal = IsOpenMetrics && type == MetricType.Counter && name.EndsWith(TotalSuffix, StringComparison.Ordinal);
        _exemplarsAllowed = _isTotal || type == MetricType.Histogram;
        if (_isTotal)
            name = name[..^TotalSuffix.Length];
        _name = Encoding.UTF8.GetBytes(name);
        help = LabelText.EscapeHelp(help);
        if (IsOpenMetrics)
            help = help.Replace("\"", "\\\"", StringComparison.Ordinal);

        _declaredAt = _length;
        Append("# HELP "u8);
        Append(_name);
        Append(" "u8);
        Append(Encoding.UTF8.GetBytes(help));
        Append("\n# TYPE "u8);
        Append(_name);
        Append(type switch
        {
            MetricType.Counter => IsOpenMetrics && !_isTotal ? " unknown\n"u8 : " counter\n"u8,
            MetricType.Gauge => " gauge\n"u8,
            MetricType.Histogram => " histogram\n"u8,
            MetricType.Summary => " summary\n"u8,
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        });
        _firstSeriesAt = _length;
    }

    /// <summary>Takes the declaration of a family back when no series followed it.</summary>
    public void EndFamily()
    {
        if (_length == _firstSeriesAt)
            _length = _declaredAt;
    }

    public void Sample(
        ReadOnlySpan<byte> suffix, ReadOnlySpan<byte> labels, ReadOnlySpan<byte> lastLabel, double value, RecordedExemplar? exemplar = null)
    {
        Series(suffix, labels, lastLabel);
        Append(value);
        End(exemplar);
    }

    public void Sample(
        ReadOnlySpan<byte> suffix, ReadOnlySpan<byte> labels, ReadOnlySpan<byte> lastLabel, long value, RecordedExemplar? exemplar = null)
    {
        Series(suffix, labels, lastLabel);
        Reserve(Numbers.MaxLength);
        _length += Numbers.Write(value, _buffer.AsSpan(_length));
        End(exemplar);
    }

    public void EndOfExport()
    {
        if (IsOpenMetrics)
            Append("# EOF\n"u8);
    }

    public async Task FlushAsync(Stream to, CancellationToken cancel)
    {
        await to.WriteAsync(_buffer.AsMemory(0, _length), cancel);
        _length = 0;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private void Series(ReadOnlySpan<byte> suffix, ReadOnlySpan<byte> labels, ReadOnlySpan<byte> lastLabel)
    {
        Append(_name);
        Append(suffix);
        if (!labels.IsEmpty || !lastLabel.IsEmpty)
        {
            Append("{"u8);
            Append(labels);
            if (!labels.IsEmpty && !lastLabel.IsEmpty)
                Append(","u8);
            Append(lastLabel);
            Append("}"u8);
        }

        Append(" "u8);
    }

    private void End(RecordedExemplar? exemplar)
    {
        if (exemplar is not null && IsOpenMetrics && _exemplarsAllowed)
        {
            Append(" # {"u8);
            for (var i = 0; i < exemplar.Exemplar.Labels.Length; i++)
            {
                var label = exemplar.Exemplar.Labels[i];
                if (i > 0)
                    Append(","u8);
                Append(LabelText.Encode(label.Key, label.Value));
            }

            Append("} "u8);
            Append(exemplar.Value);
            Append(" "u8);
            var seconds = exemplar.At.ToUnixTimeMilliseconds() / 1000m;
            Append(Encoding.UTF8.GetBytes(seconds.ToString("F3", CultureInfo.InvariantCulture)));
        }

        Append("\n"u8);
    }

    private void Append(double value)
    {
        Reserve(Numbers.MaxLength);
        _length += Numbers.Write(value, _buffer.AsSpan(_length));
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Reserve(int count)
    {
        if (_buffer.Length - _length >= count)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + count));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
