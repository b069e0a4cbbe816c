using System.Data.Common;

namespace DaprMesh.Auth.Storage;

/// <summary>What differs between the databases: how to connect, and how to begin a transaction that no other writer overlaps.</summary>
internal interface IDatabaseProvider
{
    /// <summary>The database as a person names it.</summary>
    string Name { get; }

    /// <summary>An open connection.</summary>
    DbConnection Open();

    /// <summary>Begins a transaction; until its end every other writer, of any process, waits.</summary>
    void Begin(DbSession session);
}
