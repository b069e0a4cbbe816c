namespace Prometheus;

/// <summary>A double that several threads change without a lock.</summary>
internal struct AtomicDouble
{
    private long _bits;

    public double Value
    {
        readonly get => BitConverter.Int64BitsToDouble(Volatile.Read(in _bits));
        set => Volatile.Write(ref _bits, BitConverter.DoubleToInt64Bits(value));
    }

    public void Add(double amount)
    {
        var seen = Volatile.Read(ref _bits);
        while (true)
        {
            var next = BitConverter.DoubleToInt64Bits(BitConverter.Int64BitsToDouble(seen) + amount);
            var found = Interlocked.CompareExchange(ref _bits, next, seen);
            if (found == seen)
                return;
            seen = found;
        }
    }

    public void RaiseTo(double target) => MoveTo(target, static (current, wanted) => wanted > current);

    public void LowerTo(double target) => MoveTo(target, static (current, wanted) => wanted < current);

    private void MoveTo(double target, Func<double, double, bool> wanted)
    {
        var seen = Volatile.Read(ref _bits);
        while (wanted(BitConverter.Int64BitsToDouble(seen), target))
        {
            var found = Interlocked.CompareExchange(ref _bits, BitConverter.DoubleToInt64Bits(target), seen);
            if (found == seen)
                return;
            seen = found;
        }
    }
}
