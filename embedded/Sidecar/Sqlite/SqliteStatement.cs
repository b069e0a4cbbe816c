using System.Buffers;
using System.Text;
using SQLitePCL;

namespace DaprMesh.Sidecar.Sqlite;

/// <summary>
/// One use of a session's prepared statement, without the allocations of a command: bind, step, read columns. Disposing makes it ready for the next use.
/// Parameters are counted from 1 and are called <c>$1</c>, <c>$2</c> … in the text; columns are counted from 0.
/// </summary>
public readonly ref struct SqliteStatement
{
    private const int StackBytes = 512;

    private readonly sqlite3 _db;
    private readonly PreparedStatement _prepared;

    internal SqliteStatement(sqlite3 db, PreparedStatement prepared)
    {
        _db = db;
        _prepared = prepared;
    }

    public void Bind(int parameter, string? text)
    {
        if (text is null)
        {
            BindNull(parameter);
            return;
        }

        var length = Encoding.UTF8.GetMaxByteCount(text.Length);
        byte[]? rented = null;
        var utf8 = length <= StackBytes ? stackalloc byte[StackBytes] : rented = ArrayPool<byte>.Shared.Rent(length);
        BindText(parameter, utf8[..Encoding.UTF8.GetBytes(text, utf8)]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    public void BindText(int parameter, ReadOnlySpan<byte> utf8) => Check(utf8.IsEmpty
        ? raw.sqlite3_bind_text(Handle, _prepared.Index(parameter), "") // an empty span would bind NULL
        : raw.sqlite3_bind_text(Handle, _prepared.Index(parameter), utf8));

    public void BindBlob(int parameter, ReadOnlySpan<byte> bytes) => Check(bytes.IsEmpty
        ? raw.sqlite3_bind_zeroblob(Handle, _prepared.Index(parameter), 0)
        : raw.sqlite3_bind_blob(Handle, _prepared.Index(parameter), bytes));

    public void Bind(int parameter, long value) => Check(raw.sqlite3_bind_int64(Handle, _prepared.Index(parameter), value));

    public void Bind(int parameter, double value) => Check(raw.sqlite3_bind_double(Handle, _prepared.Index(parameter), value));

    public void BindNull(int parameter) => Check(raw.sqlite3_bind_null(Handle, _prepared.Index(parameter)));

    internal void Bind(int parameter, object? value)
    {
        switch (value)
        {
            case null or DBNull:
                BindNull(parameter);
                break;
            case string text:
                Bind(parameter, text);
                break;
            case byte[] bytes:
                BindBlob(parameter, bytes);
                break;
            case ReadOnlyMemory<byte> bytes:
                BindBlob(parameter, bytes.Span);
                break;
            case double or float:
                Bind(parameter, Convert.ToDouble(value, null));
                break;
            case bool or byte or short or int or uint or long:
                Bind(parameter, Convert.ToInt64(value, null));
                break;
            default:
                throw new ArgumentException($"A {value.GetType().Name} cannot be bound: pass text, bytes or a number.", nameof(value));
        }
    }

    /// <summary>Goes to the next row; false after the last one.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(Handle);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        if (code != raw.SQLITE_DONE)
        {
            throw SqliteLibrary.Error(_db, code);
        }

        return false;
    }

    /// <summary>Runs to the end and says how many rows were changed.</summary>
    public int Run()
    {
        while (Step())
        {
        }

        return raw.sqlite3_changes(_db);
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(Handle, column) == raw.SQLITE_NULL;

    public long Number(int column) => raw.sqlite3_column_int64(Handle, column);

    public string Text(int column) => Encoding.UTF8.GetString(raw.sqlite3_column_blob(Handle, column));

    /// <summary>The column's bytes, of text as UTF-8; they are gone with the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(Handle, column);

    internal object? Value(int column) => raw.sqlite3_column_type(Handle, column) switch
    {
        raw.SQLITE_INTEGER => Number(column),
        raw.SQLITE_FLOAT => raw.sqlite3_column_double(Handle, column),
        raw.SQLITE_TEXT => Text(column),
        raw.SQLITE_BLOB => Bytes(column).ToArray(),
        _ => null,
    };

    public void Dispose() => _ = raw.sqlite3_reset(Handle); // it repeats the error of the step, which was thrown there

    private sqlite3_stmt Handle => _prepared.Handle;

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw SqliteLibrary.Error(_db, code);
        }
    }
}

/// <summary>A statement as SQLite keeps it, with the place of each numbered parameter.</summary>
internal sealed class PreparedStatement : IDisposable
{
    private readonly int[] _indexes;

    public PreparedStatement(sqlite3 db, string sql)
    {
        var code = raw.sqlite3_prepare_v2(db, sql, out var handle);
        if (code != raw.SQLITE_OK)
        {
            throw SqliteLibrary.Error(db, code);
        }

        Handle = handle;
        _indexes = new int[raw.sqlite3_bind_parameter_count(handle) + 1];
        for (var index = 1; index < _indexes.Length; index++)
        {
            // SQLite counts $n by first appearance in the text, not by the number in its name.
            var name = raw.sqlite3_bind_parameter_name(handle, index).utf8_to_string();
            _indexes[int.Parse(name.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture)] = index;
        }
    }

    public sqlite3_stmt Handle { get; }

    public int Count => _indexes.Length - 1;

    public int Index(int parameter) => _indexes[parameter];

    public void Dispose() => Handle.Dispose();
}
