using System.Text.Json;
using DaprMesh.Contracts;

namespace DaprMesh.State.Tests.Contracts;

/// <summary>The JSON of every event, pinned: other services, and events that wait in a broker, rely on it.</summary>
public sealed class EventJsonTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<IEvent, (string Topic, string Json)> Pinned = new()
    {
        [new AccountRegistered("usr_1", "ann", "ann@example.org", "Ann A.", ["customer"])] =
            ("account-registered", """{"userId":"usr_1","username":"ann","email":"ann@example.org","fullName":"Ann A.","roles":["customer"]}"""),
        [new AccountRolesChanged("usr_1", ["tutor", "staff"])] = ("account-roles-changed", """{"userId":"usr_1","roles":["tutor","staff"]}"""),
        [new AccountDeleted("usr_1")] = ("account-deleted", """{"userId":"usr_1"}"""),
        [new SessionStarted("usr_1", "ses_1", "password")] = ("session-started", """{"userId":"usr_1","sessionId":"ses_1","method":"password"}"""),
        [new SessionRevoked("usr_1", null, "logout")] = ("session-revoked", """{"userId":"usr_1","sessionId":null,"reason":"logout"}"""),
        [new LoginFailed("usr_1", "password", "wrong-password")] = ("login-failed", """{"userId":"usr_1","method":"password","reason":"wrong-password"}"""),
        [new RefreshTokenReused("usr_1", "ses_1")] = ("refresh-token-reused", """{"userId":"usr_1","sessionId":"ses_1"}"""),
        [new SigningKeyRotated("key_1")] = ("signing-key-rotated", """{"keyId":"key_1"}"""),
        [new UserCreated("usr_1", "ann", "ann@example.org", "Ann A.")] =
            ("user-created", """{"userId":"usr_1","username":"ann","email":"ann@example.org","fullName":"Ann A."}"""),
        [new UserUpdated("usr_1", "ann", null, null)] = ("user-updated", """{"userId":"usr_1","username":"ann","email":null,"fullName":null}"""),
        [new UserDeleted("usr_1")] = ("user-deleted", """{"userId":"usr_1"}"""),
        [new ProductCreated("prd_1", 1, "Atlas", new Money(20.5m, "EUR"), 5, At)] =
            ("product-created", """{"productId":"prd_1","version":1,"name":"Atlas","price":{"amount":20.5,"currency":"EUR"},"stock":5,"at":"2026-03-01T12:00:00+00:00"}"""),
        [new ProductChanged("prd_1", 2, "Atlas", 4, At)] =
            ("product-changed", """{"productId":"prd_1","version":2,"name":"Atlas","stock":4,"at":"2026-03-01T12:00:00+00:00"}"""),
        [new ProductPriceChanged("prd_1", 2, new Money(20, "EUR"), new Money(21, "EUR"), At)] =
            ("product-price-changed", """{"productId":"prd_1","version":2,"from":{"amount":20,"currency":"EUR"},"to":{"amount":21,"currency":"EUR"},"at":"2026-03-01T12:00:00+00:00"}"""),
        [new ProductDeleted("prd_1", 3, At)] = ("product-deleted", """{"productId":"prd_1","version":3,"at":"2026-03-01T12:00:00+00:00"}"""),
    };

    public static TheoryData<string> Names { get; } = [.. Pinned.Keys.Select(told => told.GetType().Name)];

    [Fact]
    public void Every_event_is_pinned() => Assert.Equal(
        typeof(IEvent).Assembly.GetTypes().Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(IEvent))).Select(type => type.Name).Order(),
        Pinned.Keys.Select(told => told.GetType().Name).Order());

    [Theory, MemberData(nameof(Names))]
    public void An_event_has_the_topic_and_the_JSON_it_always_had(string name)
    {
        var (told, (topic, json)) = Pinned.Single(each => each.Key.GetType().Name == name);

        Assert.Equal(topic, Topic.Of(told.GetType()));
        Assert.Equal(json, JsonSerializer.Serialize(told, told.GetType(), JsonSerializerOptions.Web));
    }

    [Fact]
    public void Every_role_has_its_permissions_and_every_permission_is_known()
    {
        Assert.Equal(Roles.All.Order(), Permissions.Defaults.Keys.Order());
        Assert.All(Permissions.Defaults.Values, names => Assert.Subset(Permissions.All.ToHashSet(), names.ToHashSet()));
        Assert.Equal(Permissions.All, Permissions.Defaults[Roles.Admin]);
    }
}
