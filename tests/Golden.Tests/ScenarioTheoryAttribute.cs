using System.Runtime.CompilerServices;
using Xunit.Sdk;
using Xunit.v3;

namespace DaprMesh.Golden.Tests;

/// <summary>
/// A theory whose rows run beside each other. xunit runs the tests of a collection one after another, so every row
/// gets a collection of its own.
/// </summary>
[XunitTestCaseDiscoverer(typeof(ScenarioDiscoverer))]
[AttributeUsage(AttributeTargets.Method)]
public sealed class ScenarioTheoryAttribute(
    [CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
    : TheoryAttribute(sourceFilePath, sourceLineNumber);

/// <summary>Puts every row of a <see cref="ScenarioTheoryAttribute"/> into its own collection.</summary>
public sealed class ScenarioDiscoverer : TheoryDiscoverer
{
    protected override ValueTask<IReadOnlyCollection<IXunitTestCase>> CreateTestCasesForDataRow(
        ITestFrameworkDiscoveryOptions discoveryOptions,
        IXunitTestMethod testMethod,
        ITheoryAttribute theoryAttribute,
        ITheoryDataRow dataRow,
        object?[] testMethodArguments)
    {
        var collection = new XunitTestCollection(
            testMethod.TestClass.TestCollection.TestAssembly, null, false, $"{testMethodArguments[0]}", null);
        var testClass = new XunitTestClass(testMethod.TestClass.Class, collection, null);
        var ownMethod = new XunitTestMethod(testClass, testMethod.Method, testMethod.TestMethodArguments, null);
        return base.CreateTestCasesForDataRow(discoveryOptions, ownMethod, theoryAttribute, dataRow, testMethodArguments);
    }
}
