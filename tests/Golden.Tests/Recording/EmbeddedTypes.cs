namespace DaprMesh.Golden.Tests.Recording;

/// <summary>Puts the embedded component types in place of the servers that some scenarios were recorded with.</summary>
internal static class EmbeddedTypes
{
    // As they stand inside the JSON of a recording, where the YAML is a string: \n and \" are two characters each.
    private const string RedisMetadata =
        """- name: redisHost\n      value: \"127.0.0.1:$redisPort\"\n    - name: redisPassword\n      value: \"\"\n""";

    private static readonly (string Recorded, string Embedded)[] Replacements =
    [
        (RedisMetadata, """- name: connectionString\n      value: \"$dir/embedded.db\"\n"""),
        ("$rabbitmqUrl", "$dir/embedded.db"),
        ("pubsub.rabbitmq", "pubsub.sqlite"),
        ("type: pubsub.redis", "type: pubsub.sqlite"),
        ("type: lock.redis", "type: lock.sqlite"),
        ("type: configuration.redis", "type: configuration.sqlite"),
        // The one place where a port stands in a form that the recorder did not recognise.
        ("http%3A%2F%2F127.0.0.1%3A31579", "http%3A%2F%2F127.0.0.1%3A$webPort"),
    ];

    public static string Adapt(string recording) => Replacements.Aggregate(
        recording, (text, pair) => text.Replace(pair.Recorded, pair.Embedded, StringComparison.Ordinal));
}
