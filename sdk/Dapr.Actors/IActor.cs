namespace Dapr.Actors;

/// <summary>The interface that every interface of an actor derives from.</summary>
public interface IActor;
