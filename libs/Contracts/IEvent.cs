namespace DaprMesh.Contracts;

/// <summary>Something that happened in one service and that others may want to know: past tense, told after it is committed.</summary>
public interface IEvent;
