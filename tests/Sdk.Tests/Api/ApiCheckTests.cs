using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DaprMesh.Sdk.Tests.Api;

public sealed class ApiCheckTests
{
    public static TheoryData<string> Listed => [.. DropIns.Projects.Where(project => !DropIns.WithoutList.ContainsKey(project))];

    [Fact]
    public void Every_project_under_sdk_has_a_list_or_a_reason_why_not() =>
        Assert.All(DropIns.Projects, project => Assert.True(DropIns.WithoutList.ContainsKey(project) || File.Exists(DropIns.ListFile(project)), project));

    [Theory, MemberData(nameof(Listed))]
    public void A_drop_in_has_no_public_member_that_its_package_lacks(string project) =>
        Assert.Empty(ApiCheck.Unknown(Lines(project), ApiCheck.ReadList(DropIns.ListFile(project))));

    [Theory, MemberData(nameof(Listed))]
    public void A_mirrored_name_has_every_overload(string project) =>
        Assert.All(
            ApiCheck.MissingOverloads(Lines(project), ApiCheck.ReadList(DropIns.ListFile(project))),
            line => Assert.True(DropIns.LeftOut.Keys.Any(part => line.Contains(part, StringComparison.Ordinal)), line));

    [Theory]
    [InlineData("public void Pay(int amount) { }", "M Shop.Till.Pay(int amount) : void")]
    [InlineData("public int Open() => 0;", "M Shop.Till.Open() : int")]
    [InlineData("public string Name { get; set; } = \"\";", "P Shop.Till.Name : string { get; set; }")]
    [InlineData("protected Till(int x) { }", "C Shop.Till(int x) {protected}")]
    public void A_wrong_signature_is_named(string planted, string reported)
    {
        string[] package =
        [
            "T class Shop.Till", "C Shop.Till()", "M Shop.Till.Pay(decimal amount) : void", "M Shop.Till.Open() : void", "P Shop.Till.Name : string { get; }",
        ];
        Assert.Equal([reported], ApiCheck.Unknown(LinesOf($"namespace Shop; public class Till {{ {planted} {Constructor(planted)} }}"), package));
    }

    [Fact]
    public void A_type_or_base_that_the_package_lacks_is_named() =>
        Assert.Equal(
            ["T class Shop.Safe", "C Shop.Safe()", "T class Shop.Till : IDisposable"],
            ApiCheck.Unknown(
                LinesOf("namespace Shop; public class Safe; public class Till : System.IDisposable { public void Dispose() { } }"),
                ["T class Shop.Till", "C Shop.Till()", "M Shop.Till.Dispose() : void"]));

    [Fact]
    public void A_missing_overload_is_named() =>
        Assert.Equal(
            ["M Shop.Till.Pay<T>(T amount) : void"],
            ApiCheck.MissingOverloads(
                LinesOf("namespace Shop; public class Till { public void Pay(decimal amount) { } }"),
                ["C Shop.Till()", "M Shop.Till.Pay(decimal amount) : void", "M Shop.Till.Pay<T>(T amount) : void", "M Shop.Till.Open() : void"]));

    private static IReadOnlyList<string> Lines(string project) => ApiCheck.Lines(MetadataReference.CreateFromFile(DropIns.AssemblyFile(project)));

    private static string Constructor(string planted) => planted.Contains("Till(", StringComparison.Ordinal) ? "public Till() { }" : "";

    private static IReadOnlyList<string> LinesOf(string source)
    {
        var compilation = CSharpCompilation.Create(
            "planted",
            [CSharpSyntaxTree.ParseText(source, cancellationToken: TestContext.Current.CancellationToken)],
            [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var image = new MemoryStream();
        Assert.Empty(compilation.Emit(image, cancellationToken: TestContext.Current.CancellationToken).Diagnostics);
        image.Position = 0;
        return ApiCheck.Lines(MetadataReference.CreateFromStream(image));
    }
}
