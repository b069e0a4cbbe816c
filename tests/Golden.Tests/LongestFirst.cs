using DaprMesh.Golden.Tests.Recording;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(DaprMesh.Golden.Tests.LongestFirst))]

namespace DaprMesh.Golden.Tests;

/// <summary>Begins with the scenarios that take longest, so that the run does not wait for one of them alone.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(
        IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection
    {
        var library = new Library();
        var scenarios = Library.Names.ToDictionary(
            name => name, name => library.Load(name).Steps.Sum(step => step.Timing.ListenedMs));
        return testCollections
            .OrderByDescending(collection => scenarios.GetValueOrDefault(collection.TestCollectionDisplayName))
            .ToList();
    }
}
