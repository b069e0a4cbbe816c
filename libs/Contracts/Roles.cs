namespace DaprMesh.Contracts;

/// <summary>What a person, or a program, is in the business.</summary>
public static class Roles
{
    public const string Customer = "customer";
    public const string Student = "student";
    public const string Tutor = "tutor";
    public const string Staff = "staff";
    public const string Admin = "admin";
    public const string Service = "service";

    public static IReadOnlyList<string> All { get; } = [Customer, Student, Tutor, Staff, Admin, Service];
}
