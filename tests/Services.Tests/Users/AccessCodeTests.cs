using DaprMesh.State;
using DaprMesh.Users;

namespace DaprMesh.Services.Tests.Users;

public sealed class AccessCodeTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    private static AccessCode Once => new("key", "usr_1", "WXYZ", 1, 0, [], Now, Now.AddDays(7), null);

    [Fact]
    public void A_code_reads_the_same_with_small_letters_without_dashes_and_with_look_alikes()
    {
        var key = AccessCode.KeyOf("0123-4567-89AB");

        Assert.NotNull(key);
        Assert.Equal(key, AccessCode.KeyOf("o123456789ab"));
        Assert.Equal(key, AccessCode.KeyOf(" Oi23 4567 89Ab "));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123-4567-89A")]
    [InlineData("0123-4567-89ABC")]
    [InlineData("0123-4567-89A*")]
    [InlineData("' OR 1=1 --   ")]
    public void What_cannot_be_a_code_has_no_key(string typed) => Assert.Null(AccessCode.KeyOf(typed));

    [Fact]
    public void New_codes_are_readable_and_differ()
    {
        var codes = Enumerable.Range(0, 200).Select(_ => AccessCode.NewText()).ToList();

        Assert.Equal(200, codes.Distinct(StringComparer.Ordinal).Count());
        Assert.All(codes, code => Assert.Matches("^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$", code));
    }

    [Fact]
    public void A_single_use_code_works_once()
    {
        var used = Assert.IsType<Decision<AccessCode>.Changed>(Once.Use("a", Now)).State;

        Assert.False(used.IsOpen(Now));
        Assert.IsType<Decision<AccessCode>.Refused>(used.Use("b", Now));
    }

    [Fact]
    public void The_same_attempt_may_ask_again_for_its_lost_answer_but_not_for_ever()
    {
        var used = Assert.IsType<Decision<AccessCode>.Changed>(Once.Use("a", Now)).State;

        Assert.IsType<Decision<AccessCode>.Unchanged>(used.Use("a", Now.AddMinutes(1)));
        Assert.IsType<Decision<AccessCode>.Refused>(used.Use("a", Now.AddMinutes(3)));
    }

    [Fact]
    public void An_unlimited_code_works_until_it_ends()
    {
        var code = Once with { MaxUses = null };
        for (var use = 0; use < 50; use++)
        {
            code = Assert.IsType<Decision<AccessCode>.Changed>(code.Use($"attempt {use}", Now)).State;
        }

        Assert.Equal(50, code.UseCount);
        Assert.Equal(10, code.Uses.Count);
        Assert.IsType<Decision<AccessCode>.Refused>(code.Use("late", code.ExpiresAt));
    }

    [Fact]
    public void A_revoked_code_works_no_more_not_even_for_a_repeated_attempt()
    {
        var used = Assert.IsType<Decision<AccessCode>.Changed>((Once with { MaxUses = 3 }).Use("a", Now)).State;
        var revoked = Assert.IsType<Decision<AccessCode>.Changed>(used.Revoke(Now)).State;

        Assert.IsType<Decision<AccessCode>.Refused>(revoked.Use("a", Now));
        Assert.IsType<Decision<AccessCode>.Refused>(revoked.Use("b", Now));
        Assert.IsType<Decision<AccessCode>.Unchanged>(revoked.Revoke(Now));
    }

    [Fact]
    public void Ten_wrong_codes_make_a_client_wait_until_the_first_is_a_quarter_of_an_hour_old()
    {
        var attempts = CodeAttempts.None("client");
        for (var minute = 0; minute < CodeAttempts.Limit; minute++)
        {
            Assert.Equal(TimeSpan.Zero, attempts.Wait(Now.AddMinutes(minute)));
            attempts = Assert.IsType<Decision<CodeAttempts>.Changed>(attempts.Failed(Now.AddMinutes(minute))).State;
        }

        Assert.Equal(TimeSpan.FromMinutes(5), attempts.Wait(Now.AddMinutes(10)));
        Assert.Equal(TimeSpan.Zero, attempts.Wait(Now.AddMinutes(15)));
    }
}
