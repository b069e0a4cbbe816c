namespace DaprMesh.Auth.Audit;

/// <summary>Walks the audit from its first row to its last and says where it does not hold together.</summary>
internal sealed class AuditChain
{
    private string _previous = AuditEntry.Genesis;

    /// <summary>Rows seen so far, which hold.</summary>
    public long Rows { get; private set; }

    /// <summary>The hash of the last row that holds.</summary>
    public string Head => _previous;

    /// <summary>The first row that does not hold.</summary>
    public AuditBreak? Broken { get; private set; }

    /// <summary>Takes the next row; false from the first one on that does not hold.</summary>
    public bool Add(AuditRow row)
    {
        if (Broken is null)
        {
            Broken = Reason(row) is { } reason ? new AuditBreak(row.Entry.Seq, reason) : null;
        }

        if (Broken is not null)
        {
            return false;
        }

        Rows++;
        _previous = row.Hash;
        return true;
    }

    /// <summary>Holds the last row against what was noted of it apart from the rows.</summary>
    public void End(AuditHead head)
    {
        if (Broken is null && (head.Seq > Rows || head.Seq == Rows && head.Hash != _previous))
        {
            Broken = new AuditBreak(Rows + 1, $"The rows end at {Rows}; there were {head.Seq}.");
        }
    }

    private string? Reason(AuditRow row)
    {
        if (row.Entry.Seq != Rows + 1)
        {
            return $"Row {Rows + 1} is missing.";
        }

        if (row.Previous != _previous)
        {
            return "It does not follow the row before it.";
        }

        return row.Entry.HashAfter(row.Previous) == row.Hash ? null : "It was changed after it was written.";
    }
}

/// <summary>The first row of the audit that does not hold.</summary>
public sealed record AuditBreak(long Seq, string Reason);
