using System.IO.Enumeration;
using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.Invoke;

/// <summary>
/// The operations of an access policy by the segments of their paths, regardless of case. <c>*</c> stands for part of a segment, as the last
/// segment for exactly one, <c>**</c> for all that follow; an operation covers the paths under it too.
/// </summary>
internal sealed class OperationTree
{
    private readonly Node _root = new("");

    public OperationTree(IEnumerable<AppOperation> operations)
    {
        foreach (var operation in operations)
        {
            var node = Segments(operation.Name).Aggregate(_root, (parent, segment) => parent.Child(segment));
            node.Operation ??= operation;
        }
    }

    public AppOperation? Find(string method)
    {
        var segments = Segments(method);
        var node = _root;
        for (var at = 0; at < segments.Length; at++)
        {
            var isLast = at == segments.Length - 1;
            node = node.Match(segments[at], isLast);
            if (node is null)
                return null;

            if (node.Operation is not null && (isLast || node.Segment != "*"))
                return node.Operation;
        }

        // "/orders/*" covers "/orders" as well.
        return node.Match("*", isLast: true)?.Operation;
    }

    private static string[] Segments(string path) => (path.StartsWith('/') ? path[1..] : path).ToLowerInvariant().Split('/');

    private sealed class Node(string segment)
    {
        private readonly List<Node> _children = [];

        public string Segment { get; } = segment;

        public AppOperation? Operation { get; set; }

        public Node Child(string segment)
        {
            var child = _children.Find(existing => existing.Segment == segment);
            if (child is null)
                _children.Add(child = new Node(segment));

            return child;
        }

        /// <summary>The first child, in the order the operations were written, that stands for a segment.</summary>
        public Node? Match(string segment, bool isLast) => _children.Find(child => child.Segment == segment || child.Segment switch
        {
            "*" => isLast,
            "**" => true,
            var pattern when pattern.Contains('*', StringComparison.Ordinal) => FileSystemName.MatchesSimpleExpression(pattern, segment, ignoreCase: false),
            _ => false,
        });
    }
}
